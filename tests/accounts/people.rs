//! What administrators do about accounts.

use super::{count, is_in, sign_in};
use crate::support::{PASSWORD, Reply, TestApp};

const ADA: &str = "ada.quillfeather@example.org";

#[tokio::test]
async fn disabling_signs_out_at_once_closes_links_and_enabling_opens_them() {
    let app = TestApp::start().await;
    let (admin, owner) = (app.admin().await, app.owner().await);
    let talk = app.small_talk(&owner.user).await;
    let link = app.share(&owner.user, &talk).await.path();
    assert_eq!(app.anonymous().get(&link).await.status, 200);
    let act = async |what: &str| admin.post_form(&format!("/settings/people/{}/{what}", owner.user.id), &[]).await;
    assert_eq!(act("disable").await.location(), "/settings/people?done=disabled");
    assert!(!is_in(&owner).await);
    assert_eq!(app.anonymous().get(&link).await.status, 404);
    let (_, reply) = sign_in(&app, ADA, PASSWORD).await;
    assert_eq!(reply.status, 403);
    assert!(reply.body.contains("disabled"));
    assert_eq!(sign_in(&app, ADA, "not the password").await.1.status, 400, "only who has the password learns it");
    assert_eq!(act("enable").await.location(), "/settings/people?done=enabled");
    assert_eq!(app.anonymous().get(&link).await.status, 200);
    assert!(!is_in(&owner).await, "the sessions are gone for good");
    assert_eq!(sign_in(&app, ADA, PASSWORD).await.1.status, 303);
    let audited = "SELECT COUNT(*) FROM audit_events WHERE action IN ('user.disabled', 'user.enabled', 'session.ended', 'user.signed_in')";
    assert_eq!(count(&app, audited).await, 4);
}

#[tokio::test]
async fn the_only_administrator_can_not_go_while_others_have_accounts() {
    let app = TestApp::start().await;
    let (admin, owner) = (app.admin().await, app.owner().await);
    let act = async |what: &str, id: &str, admin_or_not: &str| {
        admin.post_form(&format!("/settings/people/{id}/{what}"), &[("admin", admin_or_not)]).await
    };
    let id = admin.user.id.clone();
    for what in ["disable", "role"] {
        let reply = act(what, &id, "false").await;
        assert_eq!(reply.status, 400, "{what}");
        assert!(reply.body.contains("only administrator"), "{what}");
    }
    assert!(admin.get("/settings/delete-account").await.body.contains("only administrator"));
    assert_eq!(admin.post_form("/settings/delete-account", &[("password", PASSWORD)]).await.status, 400);
    assert_eq!(admin.get("/settings/people").await.status, 200);

    // A disabled administrator counts for nobody.
    assert_eq!(act("role", &owner.user.id, "true").await.status, 303);
    assert_eq!(owner.get("/settings/people").await.status, 200, "made an administrator, from the next click on");
    assert_eq!(act("disable", &owner.user.id, "").await.status, 303);
    assert_eq!(act("role", &id, "false").await.status, 400);
    assert_eq!(act("enable", &owner.user.id, "").await.status, 303);
    assert_eq!(act("role", &id, "false").await.status, 303);
    assert_eq!(admin.get("/settings/people").await.status, 403);
}

#[tokio::test]
async fn two_administrators_who_end_each_other_at_once_leave_one() {
    for _ in 0..3 {
        let app = TestApp::start().await;
        let (one, two) = (app.admin().await, app.person("Two", "two@example.org", "admin").await);
        app.owner().await;
        let (a, b) = (format!("/settings/people/{}/role", two.user.id), format!("/settings/people/{}/disable", one.user.id));
        let (first, second) = tokio::join!(one.post_form(&a, &[("admin", "false")]), two.post_form(&b, &[]));
        // Whoever is ended first is asked to sign in, which is a 303 as well.
        let done = |reply: &Reply| reply.status == 303 && reply.location().starts_with("/settings/people?done=");
        assert!(done(&first) != done(&second), "{} {}", first.status, second.status);
        assert_eq!(count(&app, "SELECT COUNT(*) FROM users WHERE role = 'admin' AND disabled_at IS NULL").await, 1);
    }
}

#[tokio::test]
async fn members_have_no_business_here() {
    let app = TestApp::start().await;
    let (owner, other) = (app.owner().await, app.other().await);
    assert_eq!(owner.get("/settings/people").await.status, 403);
    for what in ["disable", "enable", "role", "reset"] {
        assert_eq!(owner.post_form(&format!("/settings/people/{}/{what}", other.user.id), &[("admin", "true")]).await.status, 403);
    }
    for path in ["/settings/people/invite", "/settings/people/signup"] {
        assert_eq!(owner.post_form(path, &[("email", ""), ("mode", "open")]).await.status, 403);
    }
    assert!(is_in(&other).await);
}

#[tokio::test]
async fn the_list_goes_on_behind_the_hundredth_person() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for n in 0..104 {
        app.person(&format!("Person {n}"), &format!("person{n:03}@example.org"), "member").await;
    }
    let first = admin.get("/settings/people").await;
    let more = first.body.split("href=\"/settings/people?after=").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let second = admin.get(&format!("/settings/people?after={more}")).await;
    let listed = |body: &str| body.matches("class=\"person\"").count();
    assert_eq!((listed(&first.body), listed(&second.body)), (100, 5));
}
