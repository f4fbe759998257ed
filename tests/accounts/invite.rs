//! Invitations: links that work once.

use std::time::Duration;

use super::{ANOTHER, count, is_in};
use crate::support::{Reply, TestApp};

/// The path of the one-time link that a page shows.
pub(crate) fn link_in(page: &Reply, kind: &str) -> String {
    assert_eq!(page.status, 200, "{}", page.body);
    let start = page.body.find(kind).unwrap_or_else(|| panic!("no {kind} in {}", page.body));
    page.body[start..].split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn an_invitation_makes_one_account_of_a_member() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let made = admin.post_form("/settings/people/invite", &[("email", "")]).await;
    assert!(made.body.contains(&app.url("/invite/")), "the whole address, to be sent");
    let link = link_in(&made, "/invite/");
    assert!(!admin.get("/settings/people").await.body.contains(&link), "it is shown once");

    let browser = app.anonymous();
    for _ in 0..3 {
        let page = browser.get(&link).await;
        assert_eq!(page.status, 200, "opening it uses nothing up");
        assert!(page.body.contains("Root Thornapple"));
    }
    let bad = browser.post_form(&link, &[("name", "Eve"), ("email", "eve@example.org"), ("password", "short")]).await;
    assert_eq!(bad.status, 400, "and neither does a form that will not do");
    let form = [("name", "Eve"), ("email", "eve@example.org"), ("password", ANOTHER)];
    assert_eq!(browser.post_form(&link, &form).await.location(), "/");
    assert!(is_in(&browser).await);
    assert_eq!(browser.get("/settings/people").await.status, 403);

    let used = app.anonymous().get(&link).await;
    let never = app.anonymous().get("/invite/3bXk3bXk3bXk3bXk3bXk3bXk").await;
    assert_eq!((used.status, never.status), (404, 404));
    let second = app.anonymous().post_form(&link, &[("name", "Mal"), ("email", "mal@example.org"), ("password", ANOTHER)]).await;
    assert_eq!((second.status, second.header("set-cookie")), (404, ""));
}

#[tokio::test]
async fn of_two_who_use_an_invitation_at_once_one_gets_in() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let link = link_in(&admin.post_form("/settings/people/invite", &[("email", "")]).await, "/invite/");
    let tries = (0..6).map(|n| {
        let (browser, link, email) = (app.anonymous(), link.clone(), format!("guest{n}@example.org"));
        async move { browser.post_form(&link, &[("name", "Guest"), ("email", &email), ("password", ANOTHER)]).await.status }
    });
    let statuses = futures_util::future::join_all(tries).await;
    assert_eq!(statuses.iter().filter(|s| **s == 303).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|s| **s == 404).count(), 5, "{statuses:?}");
    assert_eq!(count(&app, "SELECT COUNT(*) FROM users").await, 2);
}

#[tokio::test]
async fn an_invitation_for_one_address_makes_no_other_account() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    assert_eq!(admin.post_form("/settings/people/invite", &[("email", "no address")]).await.status, 400);
    let link = link_in(&admin.post_form("/settings/people/invite", &[("email", "eve@example.org")]).await, "/invite/");
    assert!(app.anonymous().get(&link).await.body.contains("eve@example.org"));
    let as_who = async |email: &str| app.anonymous().post_form(&link, &[("name", "E"), ("email", email), ("password", ANOTHER)]).await;
    assert_eq!(as_who("mallory@example.org").await.status, 400);
    assert_eq!(as_who("Eve@example.org").await.status, 303);
}

#[tokio::test]
async fn an_invitation_ends_after_a_week_and_with_who_made_it() {
    let app = TestApp::start().await;
    let (admin, boss) = (app.admin().await, app.person("Boss", "boss@example.org", "admin").await);
    let make = async || link_in(&admin.post_form("/settings/people/invite", &[("email", "")]).await, "/invite/");
    let (old, young) = (make().await, {
        app.advance(Duration::from_hours(6 * 24));
        make().await
    });
    app.advance(Duration::from_hours(24));
    assert_eq!((app.anonymous().get(&old).await.status, app.anonymous().get(&young).await.status), (404, 200));
    boss.post_form(&format!("/settings/people/{}/disable", admin.user.id), &[]).await;
    assert_eq!(app.anonymous().get(&young).await.status, 404, "a disabled administrator invites nobody");
    takeback::jobs::sweep::run(&app).await.unwrap();
    assert_eq!(count(&app, "SELECT COUNT(*) FROM one_time_links").await, 0);
}
