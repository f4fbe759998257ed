//! The one question that every share surface asks.

use std::time::Duration;

use takeback::audit::Via;
use takeback::error::Error;
use takeback::ids;
use takeback::links::link::TargetType;
use takeback::links::revoke;

use crate::support::{START, TestApp};

#[tokio::test]
async fn a_link_is_open_until_its_delete_answers() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.small_talk(&owner.user).await;
    let link = app.share(&owner.user, &talk).await;
    let open = app.gate.ask(TargetType::Conversation, &link.id).await.unwrap();
    assert_eq!((open.title.as_str(), open.message_count, open.shared_by.as_deref()), ("Tea for two", 2, None));

    revoke::delete(&app, &owner.user.id, &link.id, Via::Web).await.unwrap();
    assert!(matches!(app.gate.ask(TargetType::Conversation, &link.id).await, Err(Error::Gone)));
}

#[tokio::test]
async fn delete_all_ends_every_link_of_one_person_only() {
    let app = TestApp::start().await;
    let (owner, other) = (app.owner().await, app.other().await);
    let (mine, theirs) = (app.small_talk(&owner.user).await, app.small_talk(&other.user).await);
    let (first, second) = (app.share(&owner.user, &mine).await, app.share(&owner.user, &mine).await);
    let untouched = app.share(&other.user, &theirs).await;

    assert_eq!(revoke::delete_all(&app, &owner.user.id, Via::Web).await.unwrap(), 2);
    for link in [&first, &second] {
        assert!(matches!(app.gate.ask(TargetType::Conversation, &link.id).await, Err(Error::Gone)));
    }
    assert_eq!(app.gate.ask(TargetType::Conversation, &untouched.id).await.unwrap().id, untouched.id);
}

#[tokio::test]
async fn a_link_that_never_existed_is_gone_like_one_that_did() {
    let app = TestApp::start().await;
    let id = ids::new("link");
    assert!(matches!(app.gate.ask(TargetType::Conversation, &id).await, Err(Error::Gone)));
    let page = app.anonymous().get(&format!("/share/{}", ids::token_of(&id))).await;
    assert_eq!(page.status, 404);
}

#[tokio::test]
async fn a_link_outlives_a_restart_and_its_end_does_too() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.small_talk(&owner.user).await;
    let (kept, ended) = (app.share(&owner.user, &talk).await, app.share(&owner.user, &talk).await);
    revoke::delete(&app, &owner.user.id, &ended.id, Via::Web).await.unwrap();

    app.advance(Duration::from_mins(1));
    let app = app.restart().await;
    assert_eq!(app.now(), START + 60_000_000);
    assert_eq!(app.gate.ask(TargetType::Conversation, &kept.id).await.unwrap().id, kept.id);
    assert!(matches!(app.gate.ask(TargetType::Conversation, &ended.id).await, Err(Error::Gone)));
}
