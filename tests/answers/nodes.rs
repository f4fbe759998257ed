//! Several servers on one database: an answer that one writes is seen, stopped and taken up by the others.

use std::time::Duration;

use takeback::answers::recover::{self, Dead};
use takeback::http::auth::cookie_name;

use super::{Scene, eventually};
use crate::support::{Drawn, Script, Step, Stopwatch};

struct Two {
    scene: Scene,
    there: crate::support::Client,
    other: crate::support::Node,
}

impl Two {
    async fn new() -> Self {
        let scene = Scene::new().await;
        let other = scene.app.second().await;
        let there = other.anonymous();
        there.set_cookie(cookie_name(&scene.app.config), &scene.owner.secret);
        // It listens only after its start, at which a server on SQLite, alone on its file, takes up every answer.
        assert_eq!(there.get("/healthz").await.status, 200);
        Self { scene, there, other }
    }
}

#[tokio::test]
async fn a_window_on_another_server_sees_an_answer_arrive_and_end() {
    let two = Two::new().await;
    let id = two.scene.begin(Script::says("First one\n\nthen **two**\n\nat last three.").hold_before(2).hold_before(5)).await;
    let (here, _line) = two.scene.reads(&id, "First one").await;
    // The page there has nothing of it yet; its window gets it. So does a window that came from here.
    let mut drawn = Drawn::from_page(&two.there.get(&format!("/c/{id}")).await.body);
    assert_eq!(drawn.message, here.message);
    let path = format!("/c/{id}/events?have={}&last={}", drawn.have, drawn.message);
    let mut line = two.there.listen(&path, "").await;
    drawn.until(&mut line, |drawn| drawn.text().contains("First one")).await;
    let mut moved = here.clone();
    let mut moved_line = two.there.listen(&path, &here.have).await;
    two.scene.upstream.release();
    drawn.until(&mut line, |drawn| drawn.text().contains("<strong>two</strong>")).await;
    moved.until(&mut moved_line, |drawn| drawn.text().contains("<strong>two</strong>")).await;
    assert_eq!(moved.text().matches("First one").count(), 1, "{}", moved.text());
    two.scene.upstream.release();
    drawn.until(&mut line, |drawn| drawn.ended.is_some()).await;
    assert!(drawn.ended.unwrap().contains("at last three."));
    moved.until(&mut moved_line, |drawn| drawn.ended.is_some()).await;
}

#[tokio::test]
async fn a_quiet_window_on_another_server_is_told_that_the_conversation_goes_on_or_is_gone() {
    let two = Two::new().await;
    let id = two.scene.begin(Script::says("Green.")).await;
    let last = two.scene.app.answered(&id).await.message_id;
    let mut line = two.there.listen(&format!("/c/{id}/events?last={last}"), "").await;
    two.scene.say(&id, "And else?", Script::says("Black.")).await;
    line.find("stale").await;
    two.scene.owner.post_form(&format!("/c/{id}/delete"), &[]).await;
    line.find("gone").await;
}

#[tokio::test]
async fn stop_works_from_every_server_within_a_second() {
    let two = Two::new().await;
    let id = two.scene.begin(Script::says("Green or black.").then_instead(2, vec![Step::Stall])).await;
    two.scene.reads(&id, "Green or").await;
    let asked = Stopwatch::start();
    assert_eq!(two.there.post_form(&format!("/c/{id}/stop"), &[]).await.status, 303);
    two.scene.upstream.disconnected(0).await;
    asked.assert_within(Duration::from_secs(1));
    assert_eq!(two.scene.app.answered(&id).await.state, "stopped");
}

#[tokio::test]
async fn a_conversation_deleted_on_another_server_ends_its_answer_within_a_second() {
    let two = Two::new().await;
    let id = two.scene.begin(Script::says("Green or black.").then_instead(2, vec![Step::Stall])).await;
    let (_, mut line) = two.scene.reads(&id, "Green or").await;
    let asked = Stopwatch::start();
    assert_eq!(two.there.post_form(&format!("/c/{id}/delete"), &[]).await.status, 303);
    two.scene.upstream.disconnected(0).await;
    asked.assert_within(Duration::from_secs(1));
    line.find("gone").await;
}

#[tokio::test]
async fn a_second_answer_is_refused_on_every_server() {
    let two = Two::new().await;
    let id = two.scene.begin(Script::says("Green or black.").then_instead(2, vec![Step::Stall])).await;
    let reply = two.there.say(&format!("/c/{id}/messages"), "Too early", "", &[]).await;
    assert_eq!(reply.status, 400);
    assert!(reply.body.contains("An answer is still being written here."));
}

#[tokio::test]
async fn an_answer_is_taken_up_only_when_its_server_is_dead() {
    let two = Two::new().await;
    let id = two.scene.begin(Script::says("Green or black.").then_instead(2, vec![Step::Stall])).await;
    two.scene.reads(&id, "Green or").await;
    let app = &two.scene.app;
    eventually("it is written down", async || {
        let pieces: Vec<String> =
            sqlx::query_scalar("SELECT words FROM answer_pieces ORDER BY number").fetch_all(app.db.reader()).await.unwrap();
        pieces.concat().contains("Green or")
    })
    .await;
    // While its lease runs, nobody takes it up.
    recover::recover(&two.other, Dead::ByLease).await.unwrap();
    let state = async || -> String { sqlx::query_scalar("SELECT state FROM answers").fetch_one(app.db.reader()).await.unwrap() };
    assert_eq!(state().await, "running");
    // Its server took no notice of the time. It does not take up its own.
    app.advance(Duration::from_secs(100));
    recover::recover(app, Dead::ByLease).await.unwrap();
    assert_eq!(state().await, "running");
    eventually("it is taken up", async || {
        recover::recover(&two.other, Dead::ByLease).await.unwrap();
        // Its server renews its lease every ten seconds, maybe in between.
        app.advance(Duration::from_secs(100));
        state().await != "running"
    })
    .await;
    let answer = app.answered(&id).await;
    assert_eq!(answer.state, "interrupted");
    assert!(answer.parts.contains("Green or"));
    // The one that was believed dead speaks again: what was taken up stays as it is.
    two.scene.owner.post_form(&format!("/c/{id}/stop"), &[]).await;
    two.scene.upstream.disconnected(0).await;
    assert_eq!(app.answered(&id).await, answer);
}
