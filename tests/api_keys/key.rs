//! What a key opens, and when it doesn't any more.

use std::time::Duration;

use takeback::accounts::people;
use takeback::api_keys::create::{Wish, create};
use takeback::api_keys::scope::Scopes;
use takeback::api_keys::store;
use takeback::audit::Via;

use crate::support::{PASSWORD, TestApp};

const ANOTHER: &str = "a wholly different phrase";

#[tokio::test]
async fn a_key_is_stored_as_a_hash_and_nothing_else() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let key = app.key_of(&owner.user, &[]).await;
    assert_eq!(app.program(&key).get("/v1/shared_links").await.status, 200);
    let rows = app.rows().await.join("\n");
    assert!(rows.contains("api_keys: id=Some(\"key_") && rows.contains(&key[..7]));
    assert!(!rows.contains(&key) && !rows.contains(&key[3..47]) && !rows.contains(&key[8..48]), "{rows}");
}

#[tokio::test]
async fn a_key_ends_on_its_day() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let wish = Wish { name: "Short".to_owned(), scopes: Scopes::all(), days: Some(2) };
    let (_, key) = create(&app, &owner.user.id, &wish, Via::Web).await.unwrap();
    let program = app.program(&key);
    app.advance(Duration::from_secs(2 * 86_400 - 1));
    assert_eq!(program.get("/v1/shared_links").await.status, 200);
    app.advance(Duration::from_secs(1));
    assert_eq!(program.get("/v1/shared_links").await.status, 401);
}

#[tokio::test]
async fn a_key_of_a_disabled_person_is_dead_at_once_and_lives_again_with_them() {
    let app = TestApp::start().await;
    let (owner, admin) = (app.owner().await, app.admin().await);
    let program = app.program_of(&owner.user).await;
    assert_eq!(program.get("/v1/shared_links").await.status, 200);
    people::disable(&app, &admin.user.id, &owner.user.id, Via::Web).await.unwrap();
    assert_eq!(program.get("/v1/shared_links").await.status, 401);
    people::enable(&app, &admin.user.id, &owner.user.id, Via::Web).await.unwrap();
    assert_eq!(program.get("/v1/shared_links").await.status, 200);
    takeback::accounts::delete::delete(&app, &admin.user.id, &owner.user.id, Via::Web).await.unwrap();
    assert_eq!(program.get("/v1/shared_links").await.status, 401);
    app.finish_jobs().await;
    assert!(!app.rows().await.iter().any(|row| row.starts_with("api_keys")), "nothing of it stays");
}

#[tokio::test]
async fn a_changed_password_ends_keys_only_if_that_is_asked_for() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let program = app.program_of(&owner.user).await;
    let changed = owner.post_form("/settings/password", &[("current", PASSWORD), ("password", ANOTHER)]).await;
    assert_eq!(changed.status, 303);
    assert_eq!(program.get("/v1/shared_links").await.status, 200);
    let owner = app.owner().await;
    let changed = owner.post_form("/settings/password", &[("current", ANOTHER), ("password", PASSWORD), ("keys", "end")]).await;
    assert_eq!(changed.status, 303);
    assert_eq!(program.get("/v1/shared_links").await.status, 401);
    let rows = app.rows().await;
    assert_eq!(rows.iter().filter(|row| row.contains("api_key.revoked")).count(), 1);
}

#[tokio::test]
async fn the_last_use_is_written_down_every_few_minutes() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let program = app.program_of(&owner.user).await;
    let used = async || store::of_user(&mut app.db.read().await.unwrap(), &owner.user.id).await.unwrap()[0].last_used_at;
    assert_eq!(used().await, None);
    let first = app.now();
    for (after, expected) in [(0, 0), (200, 0), (101, 301), (299, 301), (2, 602)] {
        app.advance(Duration::from_secs(after));
        assert_eq!(program.get("/v1/shared_links").await.status, 200);
        assert_eq!(used().await, Some(first + expected * 1_000_000), "{after}");
    }
}

#[tokio::test]
async fn nobody_has_more_keys_than_they_can_oversee() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    for _ in 0..100 {
        app.key_of(&owner.user, &["chat"]).await;
    }
    let reply = owner.post_form("/settings/keys", &[("name", "One more"), ("scope", "chat"), ("expires", "30")]).await;
    assert_eq!(reply.status, 400);
    assert!(reply.body.contains("There are 100 keys already"), "{}", reply.body);
}
