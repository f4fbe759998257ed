//! Other versions of what was said and answered.

use super::Scene;
use crate::support::{Script, Step};

async fn last(scene: &Scene, id: &str) -> String {
    let query = "SELECT current_message_id FROM conversations WHERE id = $1";
    sqlx::query_scalar(query).bind(id).fetch_one(scene.app.db.reader()).await.unwrap()
}

async fn question(scene: &Scene, id: &str) -> String {
    let query = "SELECT id FROM messages WHERE conversation_id = $1 AND role = 'user' ORDER BY position DESC LIMIT 1";
    sqlx::query_scalar(query).bind(id).fetch_one(scene.app.db.reader()).await.unwrap()
}

#[tokio::test]
async fn an_answer_made_again_stands_beside_the_first() {
    let scene = Scene::new().await;
    let id = scene.begin(Script::says("Green.")).await;
    let first = scene.app.answered(&id).await.message_id;
    scene.upstream.answer_next(Script::says("Black."));
    let path = format!("/c/{id}/messages/{first}/again");
    assert_eq!(scene.owner.post_form(&path, &[("model", "")]).await.status, 303);
    assert_ne!(scene.app.answered(&id).await.message_id, first);
    let page = scene.body(&id).await;
    assert!(page.contains("Black.") && !page.contains("Green.") && page.contains("2/2"), "{page}");
    // The model was sent the question alone, not its first answer.
    let asked = scene.upstream.requests().into_iter().rfind(|asked| !asked.json.to_string().contains("You name")).unwrap();
    assert!(!asked.json.to_string().contains("Green."), "{}", asked.json);
    // Back to the first.
    assert_eq!(scene.owner.post_form(&format!("/c/{id}/branch"), &[("message", &first)]).await.status, 303);
    let page = scene.body(&id).await;
    assert!(page.contains("Green.") && !page.contains("Black.") && page.contains("1/2"), "{page}");
}

#[tokio::test]
async fn an_edited_message_begins_a_branch_and_the_old_one_stays() {
    let scene = Scene::new().await;
    let id = scene.begin(Script::says("Green.")).await;
    scene.app.answered(&id).await;
    let old = question(&scene, &id).await;
    scene.upstream.answer_next(Script::says("Arabica."));
    let edited = scene.owner.post_form(&format!("/c/{id}/messages/{old}/edit"), &[("text", "Tell me about coffee."), ("model", "")]).await;
    assert_eq!(edited.status, 303, "{}", edited.body);
    scene.app.answered(&id).await;
    let page = scene.body(&id).await;
    assert!(page.contains("coffee") && page.contains("Arabica.") && !page.contains("Green."), "{page}");
    scene.owner.post_form(&format!("/c/{id}/branch"), &[("message", &old)]).await;
    assert!(scene.body(&id).await.contains("Green."));
}

#[tokio::test]
async fn while_an_answer_is_written_the_branch_stays_where_it_is() {
    let scene = Scene::new().await;
    let id = scene.begin(Script::says("Green.")).await;
    let first = scene.app.answered(&id).await.message_id;
    scene.say(&id, "And else?", Script::says("Black or white.").then_instead(2, vec![Step::Stall])).await;
    let running = last(&scene, &id).await;
    let old = question(&scene, &id).await;
    let path = |verb: &str| format!("/c/{id}/{verb}");
    let said = scene.owner.say(&path("messages"), "Too early", "", &[]).await;
    let again = scene.owner.post_form(&path(&format!("messages/{first}/again")), &[("model", "")]).await;
    let edited = scene.owner.post_form(&path(&format!("messages/{old}/edit")), &[("text", "Too early"), ("model", "")]).await;
    let switched = scene.owner.post_form(&path("branch"), &[("message", &first)]).await;
    for reply in [said, again, edited, switched] {
        assert_eq!(reply.status, 400);
        assert!(reply.body.contains("An answer is still being written here."), "{}", reply.body);
    }
    assert_eq!(last(&scene, &id).await, running);
}

/// Goes red with `--features sabotage-second-answer`.
#[tokio::test]
async fn of_many_that_are_sent_at_once_one_is_answered() {
    let scene = Scene::with(|config| config.answers_at_once = 100).await;
    let id = scene.begin(Script::says("Green.")).await;
    scene.app.answered(&id).await;
    for _ in 0..8 {
        scene.upstream.answer_next(Script::says("Black.").hold_before(0));
    }
    let path = format!("/c/{id}/messages");
    let sent = futures_util::future::join_all((0..8).map(|n| {
        let (client, path) = (scene.owner.client.clone(), path.clone());
        async move { client.say(&path, &format!("Question {n}"), "", &[]).await.status }
    }))
    .await;
    assert_eq!(sent.iter().filter(|status| **status == 303).count(), 1, "{sent:?}");
    let running: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM answers WHERE state = 'running'").fetch_one(scene.app.db.reader()).await.unwrap();
    assert_eq!(running, 1);
    scene.upstream.release_all();
    scene.app.answered(&id).await;
    let page = scene.body(&id).await;
    assert_eq!(page.matches("Question ").count(), 1, "{page}");
}
