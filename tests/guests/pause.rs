//! A paused link is closed, and opens again at the same address with everything that was said.

use super::Scene;
use crate::support::Script;

#[tokio::test]
async fn paused_it_is_gone_and_resumed_it_is_as_it_was() {
    let scene = Scene::new().await;
    let guest = scene.app.anonymous();
    scene.ask(&guest, "How long?", Script::says("Two minutes.")).await;
    let pause = format!("/links/{}/pause", scene.link.id);
    assert_eq!(scene.owner.post_form(&pause, &[]).await.location(), format!("/assistants/{}/edit#share", scene.assistant));
    assert_eq!(guest.get(&scene.at("")).await.status, 404);
    assert_eq!(guest.say(&scene.at("/messages"), "More?", "", &[]).await.status, 404);
    let editor = scene.owner.get(&format!("/assistants/{}/edit", scene.assistant)).await.body;
    assert!(editor.contains("Paused: nobody can open it.") && editor.contains(&scene.link.path()));
    // A pause is no end: what was said is kept.
    scene.app.finish_jobs().await;
    scene.owner.post_form(&format!("/links/{}/resume", scene.link.id), &[]).await;
    assert!(guest.get(&scene.at("")).await.body.contains("Two minutes."));
}

#[tokio::test]
async fn a_pause_ends_the_answer_that_runs() {
    let scene = Scene::new().await;
    let guest = scene.app.anonymous();
    let chat = scene.asking(&guest).await;
    scene.owner.post_form(&format!("/links/{}/pause", scene.link.id), &[]).await;
    scene.upstream.disconnected(0).await;
    assert_eq!(scene.app.answered(&chat).await.state, "stopped");
}

#[tokio::test]
async fn the_link_to_a_conversation_can_t_be_paused() {
    let scene = Scene::new().await;
    let talk = scene.app.small_talk(&scene.owner.user).await;
    let link = scene.app.share(&scene.owner.user, &talk).await;
    let reply = scene.owner.post_form(&format!("/links/{}/pause", link.id), &[]).await;
    assert_eq!(reply.status, 400);
    assert!(reply.body.contains("Only the link to an assistant can be paused."));
    assert_eq!(scene.app.anonymous().get(&link.path()).await.status, 200);
}
