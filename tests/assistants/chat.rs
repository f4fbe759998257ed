//! Talking to an assistant, as a member.

use super::Scene;
use crate::support::Script;

#[tokio::test]
async fn the_model_is_told_instructions_and_knowledge_before_the_person_s_own_wishes() {
    let scene = Scene::new().await;
    scene.owner.post_form("/settings/instructions", &[("instructions", "Answer in French.")]).await;
    let id = scene.chat(&scene.owner, "How long?", Script::says("Deux minutes.")).await;
    let told = scene.last_told();
    let order = ["heliotropezander", "stock.md", "quincemarrow", "Answer in French."].map(|words| told.find(words).expect(words));
    assert!(order.is_sorted(), "{told}");
    let page = scene.owner.get(&format!("/c/{id}")).await.body;
    assert!(page.contains("<h2 class=\"who\" dir=\"auto\">Tea Counsel</h2>"), "it speaks under its own name");
    assert!(page.contains("Deux minutes."));
}

#[tokio::test]
async fn the_temperature_reaches_the_provider() {
    let scene = Scene::new().await;
    let form = crate::support::assistant_form("Tea Counsel", "Be brief.").text("temperature", "0.3").text("publish", "1");
    assert_eq!(scene.owner.post_assistant(&scene.path("/edit"), form).await.status, 303);
    scene.chat(&scene.owner, "How long?", Script::says("Two minutes.")).await;
    let asked = scene.upstream.requests();
    let asked = asked.iter().find(|asked| asked.json["messages"][0]["content"] == "Be brief.").unwrap();
    assert_eq!(asked.json["temperature"], 0.3);
}

#[tokio::test]
async fn a_conversation_goes_on_with_what_is_published_now() {
    let scene = Scene::new().await;
    let id = scene.chat(&scene.owner, "How long?", Script::says("Two minutes.")).await;
    // A draft changes nothing…
    let draft = crate::support::assistant_form("Tea Counsel", "Speak of coffee.");
    scene.owner.post_assistant(&scene.path("/edit"), draft).await;
    scene.upstream.answer_next(Script::says("At 75 °C."));
    scene.owner.say(&format!("/c/{id}/messages"), "How hot?", "", &[]).await;
    scene.app.answered(&id).await;
    assert!(scene.last_told().contains("heliotropezander"));
    // …until it is published.
    scene.owner.post_form(&scene.path("/publish"), &[]).await;
    scene.upstream.answer_next(Script::says("Black."));
    scene.owner.say(&format!("/c/{id}/messages"), "And now?", "", &[]).await;
    scene.app.answered(&id).await;
    assert_eq!(scene.last_told(), "Speak of coffee.");
}

#[tokio::test]
async fn only_who_may_talk_to_it_can() {
    let scene = Scene::new().await;
    let other = scene.app.other().await;
    assert_eq!(other.say(&scene.path("/chats"), "Hello", "", &[]).await.status, 404);
    scene.list().await;
    let page = other.get(&scene.path("")).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("Knows tea.") && page.body.contains("How long does green tea steep?"));
    let id = scene.chat(&other, "How long?", Script::says("Two minutes.")).await;
    // Its conversation is the person's own: not the assistant's owner's.
    assert_eq!(scene.owner.get(&format!("/c/{id}")).await.status, 404);
    // Taken from the list, it answers no more, and what it said stays.
    scene.owner.post_form(&scene.path("/visibility"), &[("listed", "false")]).await;
    let reply = other.say(&format!("/c/{id}/messages"), "And black tea?", "", &[]).await;
    assert_eq!(reply.status, 400);
    assert!(reply.body.contains("isn’t there for you any more"), "{}", reply.body);
    let page = other.get(&format!("/c/{id}")).await.body;
    assert!(page.contains("Two minutes.") && page.contains("isn’t there for you any more") && !page.contains("id=\"composer\""));
}

#[tokio::test]
async fn a_starter_is_a_message() {
    let scene = Scene::new().await;
    scene.upstream.answer_next(Script::says("Two minutes."));
    let reply = scene.owner.say(&scene.path("/chats"), "How long does green tea steep?", "", &[]).await;
    let id = reply.location().strip_prefix("/c/").unwrap().to_owned();
    scene.app.answered(&id).await;
    assert!(scene.owner.get(&format!("/c/{id}")).await.body.contains("How long does green tea steep?"));
}
