//! A guest who gets an account takes along what they said.

use super::Scene;
use crate::support::{PASSWORD, Script};

async fn open_sign_up(scene: &Scene) {
    let admin = scene.app.admin().await;
    admin.post_form("/settings/people/signup", &[("mode", "open")]).await;
}

#[tokio::test]
async fn who_signs_up_from_the_chat_takes_it_along() {
    let scene = Scene::new().await;
    open_sign_up(&scene).await;
    let guest = scene.app.anonymous();
    let chat = scene.ask(&guest, "How long?", Script::says("Two minutes.")).await;
    let page = guest.get(&scene.at("")).await.body;
    let door = page.split("href=\"/signup?next=").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(door, scene.link.path().replace('/', "%2F"));
    let fields = [("name", "Lin Marigold"), ("email", "lin@example.org"), ("password", PASSWORD), ("next", &scene.link.path())];
    let reply = guest.post_form("/signup", &fields).await;
    assert_eq!(reply.location(), scene.link.path(), "{}", reply.body);
    assert!(guest.get("/").await.body.contains("How long?"));
    assert!(guest.get(&format!("/c/{chat}")).await.body.contains("Two minutes."));
    let page = guest.get(&scene.at("")).await.body;
    assert!(!page.contains("before you signed in"), "nothing of the guest is left here");
    // It goes on, on the owner's purse, and outlives the sweep.
    scene.upstream.answer_next(Script::says("At 75 °C."));
    assert_eq!(guest.say(&format!("/c/{chat}/messages"), "How hot?", "", &[]).await.status, 303);
    scene.app.answered(&chat).await;
    scene.app.advance(std::time::Duration::from_secs(30 * 86_400));
    takeback::jobs::sweep::run(&scene.app).await.unwrap();
    let left: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM users WHERE role = 'guest'").fetch_one(scene.app.db.reader()).await.unwrap();
    assert_eq!(left, 0);
    let messages: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM messages WHERE conversation_id = $1")
        .bind(&chat)
        .fetch_one(scene.app.db.reader())
        .await
        .unwrap();
    assert_eq!(messages, 4);
}

#[tokio::test]
async fn who_has_an_account_already_keeps_it_by_a_button_or_deletes_it() {
    let scene = Scene::new().await;
    let other = scene.app.other().await;
    let guest = scene.app.anonymous();
    let chat = scene.ask(&guest, "How long?", Script::says("Two minutes.")).await;
    assert!(guest.post_form(&scene.at("/keep"), &[]).await.location().starts_with("/signin"));
    // They sign in at the same browser.
    guest.set_cookie(takeback::http::auth::cookie_name(&scene.app.config), &other.secret);
    assert!(guest.get(&scene.at("")).await.body.contains("before you signed in"));
    let reply = guest.post_form(&scene.at("/keep"), &[]).await;
    assert_eq!(reply.location(), format!("/c/{chat}"));
    assert!(guest.get(&format!("/c/{chat}")).await.body.contains("Two minutes."));
    // Once.
    assert_eq!(guest.post_form(&scene.at("/keep"), &[]).await.location(), scene.link.path());
    assert!(other.get("/").await.body.contains("How long?"));
    scene.app.finish_jobs().await;
    assert!(other.get("/conversations?q=minutes").await.body.contains("minutes"));
}

#[tokio::test]
async fn who_signs_up_elsewhere_or_in_another_browser_takes_nothing() {
    let scene = Scene::new().await;
    open_sign_up(&scene).await;
    let guest = scene.app.anonymous();
    scene.ask(&guest, "How long?", Script::says("Two minutes.")).await;
    let stranger = scene.app.anonymous();
    let fields = [("name", "Lin Marigold"), ("email", "lin@example.org"), ("password", PASSWORD), ("next", &scene.link.path())];
    stranger.post_form("/signup", &fields).await;
    assert!(!stranger.get("/").await.body.contains("How long?"));
    assert!(guest.get(&scene.at("")).await.body.contains("Two minutes."));
}
