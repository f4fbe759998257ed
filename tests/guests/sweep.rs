//! What a guest said is deleted when they did not use it for so many days.

use std::time::Duration;

use super::Scene;
use crate::support::Script;

const DAY: Duration = Duration::from_secs(86_400);

#[tokio::test]
async fn it_goes_after_seven_days_without_use_and_stays_while_it_is_used() {
    let scene = Scene::new().await;
    scene.upstream.answer_always(Script::says("Two minutes."));
    let (idle, busy) = (scene.app.anonymous(), scene.app.anonymous());
    let old = scene.app.visit(&idle, &scene.link, "How long?").await;
    let new = scene.app.visit(&busy, &scene.link, "How long?").await;
    scene.app.advance(6 * DAY);
    busy.say(&scene.at("/messages"), "Still there?", "", &[]).await;
    scene.app.answered(&new).await;
    takeback::jobs::sweep::run(&scene.app).await.unwrap();
    assert!(idle.get(&scene.at("")).await.body.contains("Two minutes."));
    scene.app.advance(2 * DAY);
    takeback::jobs::sweep::run(&scene.app).await.unwrap();
    assert!(!idle.get(&scene.at("")).await.body.contains("Two minutes."));
    assert!(busy.get(&scene.at("")).await.body.contains("Still there?"));
    let messages = "SELECT COUNT(*) FROM messages WHERE conversation_id = $1";
    let left: i64 = sqlx::query_scalar(messages).bind(&old).fetch_one(scene.app.db.reader()).await.unwrap();
    assert_eq!(left, 0, "every word of it");
    // Whom nobody knows any more takes nothing of yesterday's.
    let takers: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM link_takers").fetch_one(scene.app.db.reader()).await.unwrap();
    assert_eq!(takers, 0);
}
