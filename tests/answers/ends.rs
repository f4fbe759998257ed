//! What ends an answer or a window from outside: at once on this server, and soon when another process said it.

use std::time::Duration;

use takeback::accounts::people;
use takeback::audit::Via;

use super::{Scene, eventually};
use crate::support::{PASSWORD, Script, Step, Stopwatch};

/// An answer that goes on for ever.
fn endless() -> Script {
    Script::says("Green or black.").then_instead(2, vec![Step::Stall])
}

async fn count(scene: &Scene, query: &'static str) -> i64 {
    sqlx::query_scalar(query).fetch_one(scene.app.db.reader()).await.unwrap()
}

#[tokio::test]
async fn a_deleted_conversation_s_answer_ends_and_its_windows_are_told() {
    let scene = Scene::new().await;
    let id = scene.begin(endless()).await;
    let (_, mut line) = scene.reads(&id, "Green or").await;
    eventually("the first words are written down", async || count(&scene, "SELECT COUNT(*) FROM answer_pieces").await > 0).await;
    let asked = Stopwatch::start();
    assert_eq!(scene.owner.post_form(&format!("/c/{id}/delete"), &[]).await.status, 303);
    line.find("gone").await;
    assert!(line.end().await.is_empty());
    scene.upstream.disconnected(0).await;
    asked.assert_within(Duration::from_secs(1));
    scene.app.finish_jobs().await;
    for query in ["SELECT COUNT(*) FROM answers", "SELECT COUNT(*) FROM answer_pieces", "SELECT COUNT(*) FROM message_bodies"] {
        assert_eq!(count(&scene, query).await, 0, "{query}");
    }
}

#[tokio::test]
async fn from_the_delete_on_nothing_of_an_answer_is_written() {
    let scene = Scene::new().await;
    let id = scene.begin(Script::says("Green or black.").hold_before(2)).await;
    scene.reads(&id, "Green or").await;
    let user = &scene.owner.user;
    // The delete's own statements, without what wakes the watch after it: as if another server had done it.
    takeback::write_tx!(scene.app.db, "test: a delete elsewhere", |tx| {
        takeback::answers::store::ask_to_end(tx, &id, takeback::answers::store::Ending::Forget).await?;
        takeback::conversations::store::disown(tx, &user.id, &id).await
    })
    .unwrap();
    scene.upstream.release();
    scene.app.answered(&id).await;
    let bodies: Vec<String> = sqlx::query_scalar("SELECT parts FROM message_bodies").fetch_all(scene.app.db.reader()).await.unwrap();
    assert!(bodies.iter().all(|body| !body.contains("black")), "{bodies:?}");
    assert_eq!(count(&scene, "SELECT COUNT(*) FROM answer_pieces").await, 0);
}

#[tokio::test]
async fn a_disabled_account_s_answers_and_windows_end_at_once() {
    let scene = Scene::new().await;
    let admin = scene.app.admin().await;
    let id = scene.begin(endless()).await;
    let (_, mut line) = scene.reads(&id, "Green or").await;
    let asked = Stopwatch::start();
    let path = format!("/settings/people/{}/disable", scene.owner.user.id);
    assert_eq!(admin.post_form(&path, &[]).await.status, 303);
    line.end().await;
    scene.upstream.disconnected(0).await;
    asked.assert_within(Duration::from_secs(1));
    assert_eq!(scene.app.answered(&id).await.state, "stopped");
}

#[tokio::test]
async fn a_deleted_account_s_answers_and_windows_end_at_once_and_leave_nothing() {
    let scene = Scene::new().await;
    scene.app.admin().await;
    let id = scene.begin(endless()).await;
    let (_, mut line) = scene.reads(&id, "Green or").await;
    assert_eq!(scene.owner.post_form("/settings/delete-account", &[("password", PASSWORD)]).await.status, 303);
    let asked = Stopwatch::start();
    line.end().await;
    scene.upstream.disconnected(0).await;
    asked.assert_within(Duration::from_secs(1));
    scene.app.finish_jobs().await;
    assert_eq!(count(&scene, "SELECT COUNT(*) FROM message_bodies").await, 0);
}

#[tokio::test]
async fn a_session_that_ends_takes_its_windows_along_and_no_others() {
    let scene = Scene::new().await;
    let id = scene.begin(Script::says("Green or black.").hold_before(2)).await;
    let (mut drawn, mut line) = scene.reads(&id, "Green or").await;
    // Another device of the same person's, signed out by each of the doors.
    let listen = async || {
        let device = scene.app.owner().await;
        let line = device.listen(&format!("/c/{id}/events?have={}&last={}", drawn.have, drawn.message), "").await;
        (device, line)
    };
    let (device, mut other) = listen().await;
    assert_eq!(device.post_form("/signout", &[]).await.status, 303);
    other.end().await;
    let (_device, mut other) = listen().await;
    assert_eq!(scene.owner.post_form("/settings/sessions", &[]).await.status, 303);
    other.end().await;
    // Only these: the first window goes on, and the answer does too.
    scene.upstream.release();
    drawn.until(&mut line, |drawn| drawn.ended.is_some()).await;
    assert_eq!(scene.app.answered(&id).await.state, "done");
    let changed = scene.owner.post_form("/settings/password", &[("current", PASSWORD), ("password", "another good passphrase")]).await;
    assert_eq!(changed.status, 303, "{}", changed.body);
    line.end().await;
}

#[tokio::test]
async fn what_another_process_ends_is_seen_within_some_seconds() {
    let scene = Scene::new().await;
    scene.app.admin().await;
    let id = scene.begin(endless()).await;
    let (_, mut line) = scene.reads(&id, "Green or").await;
    let command = takeback::app::App::new(scene.app.config.clone(), scene.app.clock.clone()).await.unwrap();
    let asked = Stopwatch::start();
    people::disable(&command, &scene.owner.user.id, &scene.owner.user.id, Via::Cli).await.unwrap();
    scene.upstream.disconnected(0).await;
    asked.assert_within(Duration::from_secs(2));
    line.end().await;
    asked.assert_within(Duration::from_secs(10));
}

#[tokio::test]
async fn a_server_that_stops_waits_for_no_window() {
    let scene = Scene::new().await;
    let id = scene.begin(endless()).await;
    let (_, mut line) = scene.reads(&id, "Green or").await;
    // And one that reads nothing.
    let _stuck = scene.owner.listen(&format!("/c/{id}/events"), "").await;
    let asked = Stopwatch::start();
    let Scene { app, owner, upstream } = scene;
    let app = app.restart().await;
    asked.assert_within(Duration::from_secs(5));
    line.end().await;
    upstream.disconnected(0).await;
    let answer = app.answered(&id).await;
    assert_eq!(answer.state, "interrupted");
    assert!(answer.parts.contains("Green or"), "{}", answer.parts);
    drop(owner);
}

/// The watch ends answers that the database doesn't know as running; one that begins while it asks is not such a one.
#[tokio::test]
async fn an_answer_that_begins_while_the_watch_looks_is_not_ended() {
    let scene = Scene::with(|config| (config.messages_per_minute, config.answers_at_once) = (10_000, 1_000)).await;
    let looking = scene.app.clone();
    let looks = tokio::spawn(async move {
        loop {
            looking.watch.look_now();
            tokio::task::yield_now().await;
        }
    });
    for _ in 0..100 {
        let id = scene.begin(Script::says("Green or black.")).await;
        assert_eq!(scene.app.answered(&id).await.state, "done");
    }
    looks.abort();
}
