//! Stop reaches the provider within a second, whatever is under way.

use std::time::Duration;

use super::Scene;
use crate::support::{Script, Step, Stopwatch};

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test]
async fn stop_hangs_up_within_a_second_and_keeps_what_was_said() {
    let scene = Scene::new().await;
    let id = scene.begin(Script::says("Green or black.").then_instead(2, vec![Step::Stall])).await;
    let (mut drawn, mut line) = scene.reads(&id, "Green or").await;
    let asked = Stopwatch::start();
    assert_eq!(scene.owner.post_form(&format!("/c/{id}/stop"), &[]).await.location(), format!("/c/{id}"));
    scene.upstream.disconnected(0).await;
    asked.assert_within(SECOND);
    drawn.until(&mut line, |drawn| drawn.ended.is_some()).await;
    assert!(drawn.ended.unwrap().contains("Green or"));
    let answer = scene.app.answered(&id).await;
    assert_eq!((answer.state.as_str(), answer.problem.as_str()), ("stopped", "This answer was stopped."));
    assert!(scene.body(&id).await.contains("This answer was stopped."));
    // Again: there is nothing to stop, which is no error.
    assert_eq!(scene.owner.post_form(&format!("/c/{id}/stop"), &[]).await.status, 303);
    assert_eq!(scene.say(&id, "Which is better?", Script::says("Both.")).await.status, 303);
    assert_eq!(scene.app.answered(&id).await.state, "done");
}

#[tokio::test]
async fn stop_reaches_a_provider_that_has_not_said_a_word() {
    let scene = Scene::new().await;
    let id = scene.begin(Script::says("Green.").hold_head()).await;
    scene.upstream.asked(1).await;
    let asked = Stopwatch::start();
    scene.owner.post_form(&format!("/c/{id}/stop"), &[]).await;
    scene.upstream.disconnected(0).await;
    asked.assert_within(SECOND);
    assert_eq!(scene.app.answered(&id).await.state, "stopped");
}

#[tokio::test]
async fn stop_waits_for_no_other_writer() {
    let scene = Scene::new().await;
    let id = scene.begin(Script::says("Green or black.").then_instead(2, vec![Step::Stall])).await;
    scene.reads(&id, "Green or").await;
    // Somebody keeps the database from being written.
    let (held, release) = (tokio::sync::Notify::new(), tokio::sync::Notify::new());
    let writer = async {
        takeback::write_tx!(scene.app.db, "test: a long transaction", |tx| {
            sqlx::query("UPDATE answers SET leased_until = leased_until").execute(tx).await?;
            held.notify_one();
            release.notified().await;
            Ok(())
        })
    };
    let person = async {
        held.notified().await;
        let asked = Stopwatch::start();
        assert_eq!(scene.owner.post_form(&format!("/c/{id}/stop"), &[]).await.status, 303);
        scene.upstream.disconnected(0).await;
        asked.assert_within(SECOND);
        release.notify_one();
    };
    let (written, ()) = tokio::join!(writer, person);
    written.unwrap();
    assert_eq!(scene.app.answered(&id).await.state, "stopped");
}

#[tokio::test]
async fn stop_ends_a_flood() {
    let scene = Scene::new().await;
    let id = scene.begin(Script::of(vec![Step::Text("Word. ".repeat(100)); 200_000])).await;
    scene.reads(&id, "Word. Word.").await;
    let asked = Stopwatch::start();
    scene.owner.post_form(&format!("/c/{id}/stop"), &[]).await;
    let answer = scene.app.answered(&id).await;
    assert!(matches!(answer.state.as_str(), "stopped" | "cut"), "{}", answer.state);
    scene.upstream.disconnected(0).await;
    asked.assert_within(3 * SECOND);
}
