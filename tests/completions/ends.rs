//! What ends an answer before its end, within a second: the program, its key, its person, the server.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use takeback::accounts::people;
use takeback::api_keys::revoke;
use takeback::audit::Via;

use super::{Chunks, PATH, Scene, question};
use crate::support::{PASSWORD, Reply, Script, Step, Stopwatch};

const SECOND: Duration = Duration::from_secs(1);

/// An answer that goes on for ever.
fn endless() -> Script {
    Script::says("Green or black.").then_instead(2, vec![Step::Stall])
}

async fn begun(scene: &Scene) -> Chunks {
    let mut chunks = scene.stream(&question(&json!({"stream": true})), endless()).await;
    chunks.until("or ").await;
    chunks
}

async fn key_id(scene: &Scene) -> String {
    sqlx::query_scalar("SELECT id FROM api_keys").fetch_one(scene.app.db.reader()).await.unwrap()
}

/// The last event says why, and the provider is let go of.
async fn ended(scene: &Scene, chunks: Chunks, since: &Stopwatch, code: &str) {
    let number = scene.upstream.requests().len() - 1;
    scene.upstream.disconnected(number).await;
    since.assert_within(SECOND);
    let last: Value = serde_json::from_str(chunks.rest().await.last().unwrap()).unwrap();
    assert_eq!(last["error"]["code"], code, "{last}");
}

#[tokio::test]
async fn a_program_that_hangs_up_is_not_answered_any_further() {
    let scene = Scene::new().await;
    let chunks = begun(&scene).await;
    let since = Stopwatch::start();
    drop(chunks);
    scene.upstream.disconnected(0).await;
    since.assert_within(SECOND);
    // Also while it waits for the whole, and before the first word.
    for (number, script) in [(1, endless()), (2, endless().hold_head())] {
        scene.upstream.answer_next(script);
        let request = scene.program.request(Method::POST, PATH).json(&question(&json!({})));
        let waiting = tokio::spawn(async move { request.send().await });
        scene.upstream.asked(number + 1).await;
        let since = Stopwatch::start();
        waiting.abort();
        scene.upstream.disconnected(number).await;
        since.assert_within(SECOND);
    }
    // Its place is free again.
    assert_eq!(scene.ask(&question(&json!({})), Script::says("Two.")).await.status, 200);
}

#[tokio::test]
async fn a_revoked_key_ends_what_it_asked_for_and_no_other_does() {
    let scene = Scene::new().await;
    let other = scene.app.program_of(&scene.owner.user).await;
    let ids: Vec<String> = sqlx::query_scalar("SELECT id FROM api_keys").fetch_all(scene.app.db.reader()).await.unwrap();
    let chunks = begun(&scene).await;
    let others: String = {
        let hint = &other.key[other.key.len() - 4..];
        let hints: Vec<(String, String)> = sqlx::query_as("SELECT id, hint FROM api_keys").fetch_all(scene.app.db.reader()).await.unwrap();
        hints.into_iter().find(|(_, known)| known.ends_with(hint)).unwrap().0
    };
    assert_eq!(scene.owner.post_form(&format!("/settings/keys/{others}/revoke"), &[]).await.status, 303);
    let own = ids.into_iter().find(|id| *id != others).unwrap();
    let since = Stopwatch::start();
    assert!(scene.upstream.requests()[0].disconnected.is_none());
    assert_eq!(scene.owner.post_form(&format!("/settings/keys/{own}/revoke"), &[]).await.status, 303);
    ended(&scene, chunks, &since, "invalid_api_key").await;
}

#[tokio::test]
async fn a_key_that_another_process_revokes_ends_it_too() {
    let scene = Scene::new().await;
    let chunks = begun(&scene).await;
    let command = takeback::app::App::new(scene.app.config.clone(), scene.app.clock.clone()).await.unwrap();
    let since = Stopwatch::start();
    revoke::revoke(&command, &scene.owner.user.id, &key_id(&scene).await, Via::Cli).await.unwrap();
    ended(&scene, chunks, &since, "invalid_api_key").await;
}

#[tokio::test]
async fn a_key_that_expires_ends_it() {
    let scene = Scene::new().await;
    let chunks = begun(&scene).await;
    scene.app.run("UPDATE api_keys SET expires_at = 1 WHERE id = $1", &key_id(&scene).await).await;
    ended(&scene, chunks, &Stopwatch::start(), "invalid_api_key").await;
}

#[tokio::test]
async fn a_person_who_is_disabled_or_deleted_is_not_answered_any_further() {
    for deletes in [false, true] {
        let scene = Scene::new().await;
        scene.app.admin().await;
        let chunks = begun(&scene).await;
        if deletes {
            assert_eq!(scene.owner.post_form("/settings/delete-account", &[("password", PASSWORD)]).await.status, 303);
        } else {
            people::disable(&scene.app, "user_x", &scene.owner.user.id, Via::Web).await.unwrap();
        }
        ended(&scene, chunks, &Stopwatch::start(), "invalid_api_key").await;
    }
}

#[tokio::test]
async fn a_program_that_waits_for_the_whole_is_told_that_its_key_ended() {
    let scene = Scene::new().await;
    scene.upstream.answer_next(endless());
    let request = scene.program.request(Method::POST, PATH).json(&question(&json!({})));
    let waiting = tokio::spawn(Reply::of(request));
    scene.upstream.asked(1).await;
    let since = Stopwatch::start();
    revoke::revoke(&scene.app, &scene.owner.user.id, &key_id(&scene).await, Via::Web).await.unwrap();
    assert_eq!(waiting.await.unwrap().refusal(), (401, "authentication_error".to_owned(), None));
    scene.upstream.disconnected(0).await;
    since.assert_within(SECOND);
}

#[tokio::test]
async fn a_server_that_stops_waits_for_no_program() {
    let scene = Scene::new().await;
    let chunks = begun(&scene).await;
    let since = Stopwatch::start();
    let Scene { app, upstream, .. } = scene;
    let app = app.restart().await;
    since.assert_within(Duration::from_secs(5));
    upstream.disconnected(0).await;
    let last: Value = serde_json::from_str(chunks.rest().await.last().unwrap()).unwrap();
    assert_eq!(last["error"]["code"], "server_stopping");
    drop(app);
}
