//! The chat beside the form.

use super::Scene;
use crate::support::{Script, assistant_form};

#[tokio::test]
async fn it_tries_the_newest_version_and_is_in_nobody_s_list() {
    let scene = Scene::new().await;
    scene.owner.post_assistant(&scene.path("/edit"), assistant_form("Coffee Counsel", "Speak of coffee.")).await;
    scene.upstream.answer_next(Script::says("Arabica."));
    let tried = scene.app.try_it(&scene.owner, &scene.id).await;
    assert_eq!(scene.last_told(), "Speak of coffee.");
    let page = scene.owner.get(&scene.path("/preview")).await;
    assert!(page.body.contains("Arabica.") && page.body.contains("Coffee Counsel"));
    assert!(page.header("content-security-policy").contains("frame-ancestors 'self'"));
    assert_eq!(page.header("x-frame-options"), "SAMEORIGIN");
    assert!(!page.body.contains("/c/") && !page.body.contains("/files/"), "nothing leads to a conversation of a member");
    // No conversation of the editor's, by whatever way.
    assert!(!scene.owner.get("/").await.body.contains("What is there?"));
    assert_eq!(scene.owner.get(&format!("/c/{tried}")).await.status, 404);
    assert!(scene.owner.get("/conversations?q=Arabica").await.body.contains("No"));
    // Nor is there a person more.
    let people = scene.app.admin().await.get("/settings/people").await.body;
    assert!(!people.contains("Guest"));
}

#[tokio::test]
async fn it_goes_on_and_starts_over() {
    let scene = Scene::new().await;
    scene.upstream.answer_next(Script::says("Two minutes."));
    let tried = scene.app.try_it(&scene.owner, &scene.id).await;
    scene.upstream.answer_next(Script::says("At 75 °C."));
    let reply = scene.owner.say(&scene.path("/preview/messages"), "How hot?", "", &[]).await;
    assert_eq!(reply.status, 303);
    scene.app.answered(&tried).await;
    let page = scene.owner.get(&scene.path("/preview")).await.body;
    assert!(page.contains("Two minutes.") && page.contains("At 75 °C."));
    scene.owner.post_form(&scene.path("/preview/clear"), &[]).await;
    let page = scene.owner.get(&scene.path("/preview")).await.body;
    assert!(!page.contains("Two minutes.") && page.contains("How long does green tea steep?"), "starters again");
    scene.app.finish_jobs().await;
    let left: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM conversations WHERE id = $1").bind(&tried).fetch_one(scene.app.db.reader()).await.unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn it_is_told_as_it_is_written() {
    let scene = Scene::new().await;
    scene.app.try_it(&scene.owner, &scene.id).await;
    scene.upstream.answer_next(Script::says("At 75 °C.").hold_before(1));
    scene.owner.say(&scene.path("/preview/messages"), "How hot?", "", &[]).await;
    let page = scene.owner.get(&scene.path("/preview")).await.body;
    let drawn = crate::support::Drawn::from_page(&page);
    let mut line = scene.owner.listen(&scene.path(&format!("/preview/events?have={}&last={}", drawn.have, drawn.message)), "").await;
    scene.upstream.release_all();
    let end = line.find("end").await;
    let row = end.data["html"].as_str().unwrap();
    assert!(row.contains("At 75 °C.") && !row.contains("/c/"), "{row}");
}

#[tokio::test]
async fn what_nobody_used_for_days_goes() {
    let scene = Scene::new().await;
    scene.app.try_it(&scene.owner, &scene.id).await;
    let guests = async || -> i64 {
        sqlx::query_scalar("SELECT COUNT(*) FROM users WHERE role = 'guest'").fetch_one(scene.app.db.reader()).await.unwrap()
    };
    let days = |days: u64| std::time::Duration::from_secs(days * 86_400);
    scene.app.advance(days(6));
    takeback::jobs::sweep::run(&scene.app).await.unwrap();
    assert_eq!(guests().await, 1);
    scene.app.advance(days(2));
    takeback::jobs::sweep::run(&scene.app).await.unwrap();
    assert_eq!(guests().await, 0);
    let left: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM messages").fetch_one(scene.app.db.reader()).await.unwrap();
    assert_eq!(left, 0, "and everything that was said");
}
