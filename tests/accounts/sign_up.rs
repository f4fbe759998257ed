//! Sign-up is open, by invitation, or closed.

use super::{ANOTHER, count, is_in};
use crate::support::TestApp;

const EVE: [(&str, &str); 4] = [("name", "Eve"), ("email", "eve@example.org"), ("password", ANOTHER), ("next", "/links")];

#[tokio::test]
async fn by_default_accounts_are_made_by_invitation() {
    let app = TestApp::start().await;
    app.owner().await;
    let page = app.anonymous().get("/signup").await;
    assert_eq!(page.status, 403);
    assert!(page.body.contains("by invitation"), "the page says how one gets in: {}", page.body);
    assert!(!app.anonymous().get("/signin").await.body.contains("href=\"/signup"));
    assert_eq!(app.anonymous().post_form("/signup", &EVE).await.status, 403);
    assert_eq!(count(&app, "SELECT COUNT(*) FROM users").await, 1);
}

#[tokio::test]
async fn open_lets_anybody_in_and_closed_not_even_the_invited() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let mode = async |mode: &str| admin.post_form("/settings/people/signup", &[("mode", mode)]).await;
    assert_eq!(mode("open").await.location(), "/settings/people?done=signup");
    assert!(app.anonymous().get("/signin").await.body.contains("href=\"/signup"));
    let browser = app.anonymous();
    assert_eq!(browser.get("/signup").await.status, 200);
    assert_eq!(browser.post_form("/signup", &EVE).await.location(), "/links");
    assert!(is_in(&browser).await);
    assert_eq!(browser.get("/settings/people").await.status, 403, "only the first account runs the server");
    let twice = app.anonymous().post_form("/signup", &[("name", "Eve"), ("email", "EVE@example.org"), ("password", ANOTHER)]).await;
    assert_eq!(twice.status, 400);
    assert!(twice.body.contains("has an account already"));

    let page = admin.post_form("/settings/people/invite", &[("email", "")]).await;
    let invitation = super::invite::link_in(&page, "/invite/");
    mode("closed").await;
    assert_eq!(app.anonymous().get("/signup").await.status, 403);
    assert_eq!(app.anonymous().get(&invitation).await.status, 403);
    let fields = [("name", "Mallory"), ("email", "mallory@example.org"), ("password", ANOTHER)];
    assert_eq!(app.anonymous().post_form(&invitation, &fields).await.status, 403);
    assert_eq!(admin.post_form("/settings/people/invite", &[("email", "")]).await.status, 403);
    mode("invite").await;
    assert_eq!(app.anonymous().post_form(&invitation, &fields).await.location(), "/", "invitations rest while it is closed");
    assert_eq!(mode("anything").await.status, 400);
    assert_eq!(count(&app, "SELECT COUNT(*) FROM users").await, 3);
}
