//! What is written down, in the transaction of the act itself: who, what, when, from where; no word of anybody's.

use std::time::Duration;

use serde_json::json;
use takeback::audit::{place, sweep};

use crate::support::{PASSWORD, TestApp};

/// Waits until as many events of this type are there.
async fn sees(app: &TestApp, action: &str, count: usize) {
    for _ in 0..3_000 {
        if app.happened().await.iter().filter(|event| event.action == action).count() == count {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("never {count} of {action}: {:?}", app.happenings().await);
}

#[tokio::test]
async fn every_act_on_a_link_is_an_event_with_its_client_and_its_network() {
    let app = TestApp::start_with(|config| config.trusted_proxies = vec!["127.0.0.1".parse().unwrap()]).await;
    let owner = app.owner().await;
    let talk = app.small_talk(&owner.user).await;
    let program = app.program_of(&owner.user).await;
    let ask = async |method: reqwest::Method, path: &str, body: serde_json::Value| {
        let request = program.request(method, path).header("x-forwarded-for", "203.0.113.77").json(&body);
        crate::support::Reply::of(request).await.json()
    };
    let target = json!({"target": {"type": "conversation", "id": talk.id}, "title": "zanzibarquokka"});
    let link = ask(reqwest::Method::POST, "/v1/shared_links", target).await["id"].as_str().unwrap().to_owned();
    ask(reqwest::Method::POST, &format!("/v1/shared_links/{link}"), json!({"author": "name"})).await;
    let request = owner.request(reqwest::Method::POST, &format!("/links/{link}/delete"));
    let request = request.header("x-forwarded-for", "2001:db8:1:2:3:4:5:6").header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(crate::support::Reply::of(request.body("")).await.status, 303);
    let events: Vec<_> = app.happened().await.into_iter().filter(|event| event.object_id == link).collect();
    let mut facts: Vec<(&str, &str, &str)> =
        events.iter().map(|event| (event.action.as_str(), event.client.as_str(), event.address.as_deref().unwrap_or("none"))).collect();
    facts.sort_unstable();
    assert_eq!(
        facts,
        [
            ("shared_link.created", "api", "203.0.113.0/24"),
            ("shared_link.deleted", "web", "2001:db8:1::/48"),
            ("shared_link.updated", "api", "203.0.113.0/24"),
        ]
    );
    assert!(events.iter().all(|event| event.user_id.as_deref() == Some(&owner.user.id)));
    assert!(!format!("{:?}", app.happened().await).contains("zanzibarquokka"));
}

#[tokio::test]
async fn a_sign_in_that_fails_is_known_to_its_owner_and_one_for_nobody_to_nobody() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let email = owner.user.email.as_str();
    let attempt =
        async |email: &str, password: &str| app.anonymous().post_form("/signin", &[("email", email), ("password", password)]).await.status;
    assert_eq!(attempt(email, "zanzibarquokka").await, 400);
    assert_eq!(attempt("nobody@example.org", "zanzibarquokka").await, 400);
    sees(&app, "user.sign_in_failed", 1).await;
    assert_eq!(attempt(email, PASSWORD).await, 303);
    app.run("UPDATE users SET disabled_at = 1 WHERE id = $1", &owner.user.id).await;
    assert_eq!(attempt(email, PASSWORD).await, 403);
    sees(&app, "user.sign_in_failed", 2).await;
    let events = app.happened().await;
    let failed: Vec<_> = events.iter().filter(|event| event.action == "user.sign_in_failed").collect();
    assert!(
        failed.iter().all(|event| event.user_id.as_deref() == Some(&owner.user.id) && event.address.as_deref() == Some("127.0.0.0/24"))
    );
    assert_eq!(events.iter().filter(|event| event.action == "user.signed_in").count(), 1);
    assert!(!format!("{events:?}").contains("zanzibarquokka"));
}

#[tokio::test]
async fn what_did_not_happen_is_no_event() {
    let app = TestApp::start().await;
    let (owner, other) = (app.owner().await, app.other().await);
    let link = app.share(&owner.user, &app.small_talk(&owner.user).await).await;
    let before = app.happenings().await;
    for path in [format!("/links/{}/delete", link.id), format!("/links/{}/edit", link.id)] {
        assert_eq!(other.post_form(&path, &[("title", "x"), ("author", "name")]).await.status, 404);
    }
    assert_eq!(app.happenings().await, before);
}

#[tokio::test]
async fn what_goes_on_after_its_request_still_came_from_there() {
    assert_eq!(place::here(), None);
    let inside =
        place::at(Some("203.0.113.0/24".to_owned()), async { tokio::spawn(place::at(place::here(), async { place::here() })).await });
    assert_eq!(inside.await.unwrap().as_deref(), Some("203.0.113.0/24"));
}

#[tokio::test]
async fn events_go_when_their_days_are_over() {
    let app = TestApp::start_with(|config| config.audit_days = Some(30)).await;
    let owner = app.owner().await;
    app.share(&owner.user, &app.small_talk(&owner.user).await).await;
    app.advance(Duration::from_secs(29 * 86_400));
    let kept = app.share(&owner.user, &app.small_talk(&owner.user).await).await;
    assert_eq!(sweep::run(&app).await.unwrap(), 0);
    app.advance(Duration::from_secs(2 * 86_400));
    // The server's own may have been quicker.
    sweep::run(&app).await.unwrap();
    assert_eq!(app.happenings().await, [("shared_link.created".to_owned(), kept.id)]);
}

#[tokio::test]
async fn without_an_end_they_stay() {
    let app = TestApp::start_with(|config| config.audit_days = None).await;
    let owner = app.owner().await;
    app.share(&owner.user, &app.small_talk(&owner.user).await).await;
    app.advance(Duration::from_secs(10_000 * 86_400));
    assert_eq!(sweep::run(&app).await.unwrap(), 0);
    assert_eq!(app.happened().await.len(), 1);
}
