//! Links that set a password.

use std::time::Duration;

use super::invite::link_in;
use super::{ANOTHER, is_in, sign_in};
use crate::support::{PASSWORD, TestApp};

const ADA: &str = "ada.quillfeather@example.org";

#[tokio::test]
async fn a_reset_link_sets_the_password_once_and_ends_every_session() {
    let app = TestApp::start().await;
    let (admin, owner) = (app.admin().await, app.owner().await);
    let path = format!("/settings/people/{}/reset", owner.user.id);
    let replaced = link_in(&admin.post_form(&path, &[]).await, "/reset/");
    let link = link_in(&admin.post_form(&path, &[]).await, "/reset/");
    assert_eq!(app.anonymous().get(&replaced).await.status, 404, "a new link replaces the one before");
    assert!(is_in(&owner).await, "making a link changes nothing yet");
    let browser = app.anonymous();
    assert!(browser.get(&link).await.body.contains(ADA));
    assert_eq!(browser.post_form(&link, &[("password", "short")]).await.status, 400);
    assert_eq!(browser.post_form(&link, &[("password", ANOTHER)]).await.location(), "/");
    assert!(is_in(&browser).await && !is_in(&owner).await);
    assert_eq!(browser.post_form(&link, &[("password", "yet another phrase")]).await.status, 404);
    assert_eq!(sign_in(&app, ADA, PASSWORD).await.1.status, 400);
    assert_eq!(sign_in(&app, ADA, ANOTHER).await.1.status, 303);
}

#[tokio::test]
async fn of_two_who_use_a_reset_link_at_once_one_sets_the_password() {
    let app = TestApp::start().await;
    let (admin, owner) = (app.admin().await, app.owner().await);
    let link = link_in(&admin.post_form(&format!("/settings/people/{}/reset", owner.user.id), &[]).await, "/reset/");
    let tries = (0..6).map(|n| {
        let (browser, link, password) = (app.anonymous(), link.clone(), format!("long enough phrase {n}"));
        async move { (browser.post_form(&link, &[("password", &password)]).await.status, password) }
    });
    let tries = futures_util::future::join_all(tries).await;
    let won: Vec<&String> = tries.iter().filter(|(status, _)| *status == 303).map(|(_, password)| password).collect();
    assert_eq!(won.len(), 1, "{tries:?}");
    assert_eq!(sign_in(&app, ADA, won[0]).await.1.status, 303);
}

#[tokio::test]
async fn a_reset_link_ends_after_a_day_with_a_changed_password_and_with_the_account() {
    let app = TestApp::start().await;
    let (admin, owner) = (app.admin().await, app.owner().await);
    let path = format!("/settings/people/{}/reset", owner.user.id);
    let make = async || link_in(&admin.post_form(&path, &[]).await, "/reset/");
    let link = make().await;
    app.advance(Duration::from_hours(24));
    assert_eq!(app.anonymous().get(&link).await.status, 404);

    let link = make().await;
    assert_eq!(owner.post_form("/settings/password", &[("current", PASSWORD), ("password", ANOTHER)]).await.status, 303);
    assert_eq!(app.anonymous().get(&link).await.status, 404);

    let link = make().await;
    admin.post_form(&format!("/settings/people/{}/disable", owner.user.id), &[]).await;
    assert_eq!(app.anonymous().post_form(&link, &[("password", "yet another phrase")]).await.status, 404);
    assert_eq!(admin.post_form("/settings/people/user_nobody/reset", &[]).await.status, 404);
}
