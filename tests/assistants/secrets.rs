//! What only editors may see reaches nobody else: instructions, knowledge, model and provider.

use takeback::providers::settings::Kind;

use super::Scene;
use crate::support::{Script, Step, TestApp, Upstream};

/// What stands in the assistant, and in the provider behind it.
const SECRETS: [&str; 4] = ["heliotropezander", "quincemarrow", "stock.md", "brewer-9"];

#[tokio::test]
async fn a_member_who_may_talk_to_it_is_sent_none_of_it() {
    let scene = Scene::new().await;
    scene.list().await;
    let other = scene.app.other().await;
    // A model that thinks says what it was told.
    let thinks = Script::of(vec![
        Step::Reasoning("I was told heliotropezander.".into()),
        Step::Text("Two minutes.".into()),
        Step::End("stop", 11, 7),
    ]);
    let id = scene.chat(&other, "How long?", thinks).await;
    let portrait = scene.app.portrait(&scene.id).await;
    let pages = [
        "/assistants".to_owned(),
        scene.path(""),
        scene.path(&format!("/picture/{portrait}")),
        format!("/c/{id}"),
        format!("/c/{id}/share"),
        format!("/c/{id}/share/preview"),
    ];
    for page in pages {
        let reply = other.get(&page).await;
        assert_eq!(reply.status, 200, "{page}");
        for secret in &SECRETS[..3] {
            assert!(!reply.body.contains(secret), "{secret} in {page}");
        }
    }
    let page = other.get(&format!("/c/{id}")).await.body;
    assert!(page.contains("Two minutes.") && !page.contains("brewer-9"), "the model’s name is its editors’");
    for closed in ["/edit", "/versions", "/versions/1", "/preview", "/delete"] {
        assert_eq!(other.get(&scene.path(closed)).await.status, 404, "{closed}");
    }
}

#[tokio::test]
async fn what_goes_wrong_behind_it_names_nobody() {
    let upstream = Upstream::start().await;
    let app = TestApp::start_with(|config| upstream.connect(config, Kind::OpenAi)).await;
    let owner = app.owner().await;
    let id = app.assistant(&owner).await;
    owner.post_form(&format!("/assistants/{id}/visibility"), &[("listed", "true")]).await;
    upstream.answer_next(Script::refuses(401, "bad key for heliotropezander"));
    let other = app.other().await;
    let reply = other.say(&format!("/assistants/{id}/chats"), "How long?", "", &[]).await;
    let conversation = reply.location().strip_prefix("/c/").unwrap().to_owned();
    let answer = app.answered(&conversation).await;
    assert_eq!(answer.problem, "The assistant can’t answer right now. Try again in a moment.");
    // Its editor is told what to mend.
    upstream.answer_next(Script::refuses(401, "bad key"));
    let reply = owner.say(&format!("/assistants/{id}/chats"), "How long?", "", &[]).await;
    let conversation = reply.location().strip_prefix("/c/").unwrap().to_owned();
    assert!(app.answered(&conversation).await.problem.contains("key"));
}
