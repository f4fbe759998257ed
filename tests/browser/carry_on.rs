//! Continuing a shared conversation.

use takeback::audit::Via;
use takeback::links::revoke;

use crate::support::{Browser, PASSWORD, TestApp};

/// Signed out: sign in and come back to it. The copy is the visitor's own, whatever the owner does.
#[tokio::test(flavor = "multi_thread")]
async fn continuing_makes_a_copy_that_the_owner_does_not_touch() {
    let app = TestApp::start().await;
    let (owner, other) = (app.owner().await, app.other().await);
    let mut talk = app.small_talk(&owner.user).await;
    let link = app.share(&owner.user, &talk).await;
    let Some(window) = Browser::open(&app).await else { return };

    window.goto(&link.path()).await;
    window.press("Continue this conversation").await;
    window.press("Sign in and continue").await;
    window.fill("#email", &other.user.email).await;
    window.fill("#password", PASSWORD).await;
    window.press("Sign in").await;
    window.press("Make my copy and open it").await;
    window.sees("New chat").await;
    let copy = window.path().await;
    assert!(copy.starts_with("/c/conv_") && !copy.contains(&talk.id), "{copy}");

    app.say(&mut talk, "user", "A word that came later").await;
    revoke::delete(&app, &owner.user.id, &link.id, Via::Web).await.unwrap();
    window.reload().await;
    window.sees("Two minutes at 75 °C.").await;
    assert!(!window.text().await.contains("A word that came later"));
    assert_eq!(owner.get(&copy).await.status, 404, "the copy is nobody else's");
    assert_eq!(window.complaints().await, Vec::<String>::new());
}
