//! Deleting an assistant.

use super::Scene;
use crate::support::Script;

#[tokio::test]
async fn conversations_with_it_stay_and_nothing_else_of_it() {
    let scene = Scene::new().await;
    scene.list().await;
    let other = scene.app.other().await;
    let id = scene.chat(&other, "How long?", Script::says("Two minutes.")).await;
    let tried = scene.app.try_it(&scene.owner, &scene.id).await;
    let question = scene.owner.fragment(&scene.path("/delete")).await.body;
    assert!(question.contains("stay readable for them"));
    let reply = scene.owner.post_form(&scene.path("/delete"), &[]).await;
    assert_eq!((reply.status, reply.location()), (303, "/assistants?done=deleted"));
    for path in ["", "/edit", "/preview", "/versions"] {
        assert_eq!(scene.owner.get(&scene.path(path)).await.status, 404, "{path}");
    }
    let page = other.get(&format!("/c/{id}")).await.body;
    assert!(page.contains("Two minutes.") && page.contains("Tea Counsel"));
    assert_eq!(other.say(&format!("/c/{id}/messages"), "More?", "", &[]).await.status, 400);
    scene.app.finish_jobs().await;
    let query = "SELECT (SELECT COUNT(*) FROM assistant_versions) + (SELECT COUNT(*) FROM assistant_files) \
                 + (SELECT COUNT(*) FROM guests) + (SELECT COUNT(*) FROM conversations WHERE id = $1)";
    let left: i64 = sqlx::query_scalar(query).bind(&tried).fetch_one(scene.app.db.reader()).await.unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn what_it_is_writing_ends() {
    let scene = Scene::new().await;
    scene.upstream.answer_next(Script::says("Two minutes, no more.").hold_before(1));
    let reply = scene.owner.say(&scene.path("/chats"), "How long?", "", &[]).await;
    let id = reply.location().strip_prefix("/c/").unwrap().to_owned();
    scene.upstream.held(1).await;
    scene.owner.post_form(&scene.path("/delete"), &[]).await;
    assert_eq!(scene.app.answered(&id).await.state, "stopped");
}
