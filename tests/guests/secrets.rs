//! Secrets stay in: instructions, knowledge, model, provider and owner never reach a guest's browser.

use super::Scene;
use crate::support::{Script, Step};

/// What stands in the assistant, behind it, and behind its link.
fn secrets(scene: &Scene) -> Vec<String> {
    let owner = &scene.owner.user;
    let mut all = ["heliotropezander", "quincemarrow", "stock.md", super::MODEL, "upstream", "Quillfeather"].map(str::to_owned).to_vec();
    all.extend([owner.id.clone(), owner.email.clone(), scene.assistant.clone()]);
    all
}

#[tokio::test]
async fn no_surface_of_an_anonymous_link_holds_any_of_them() {
    let scene = Scene::new().await;
    let guest = scene.app.anonymous();
    // A model that thinks says what it was told; what goes wrong names who went wrong.
    let thinks = Script::of(vec![
        Step::Reasoning("I was told heliotropezander and quincemarrow.".into()),
        Step::Text("Two minutes.".into()),
        Step::End("stop", 11, 7),
    ]);
    scene.ask(&guest, "How long?", thinks).await;
    let chat = scene.ask(&guest, "And now?", Script::refuses(401, "bad key sk-test-upstream for heliotropezander")).await;
    assert_eq!(scene.app.answered(&chat).await.problem, "The assistant can’t answer right now. Try again in a moment.");
    let secrets = secrets(&scene);
    let mut line = guest.listen(&scene.at("/events?last=msg_x"), "").await;
    let mut seen = vec![("events".to_owned(), line.next().await.unwrap().data.to_string())];
    for path in ["", "/picture"] {
        let reply = guest.get(&scene.at(path)).await;
        assert_eq!(reply.status, 200, "{path}");
        seen.push((path.to_owned(), format!("{:?} {}", reply.headers, reply.body)));
    }
    let fragment = guest.fragment(&scene.at("")).await;
    seen.push(("fragment".to_owned(), fragment.body));
    scene.upstream.answer_next(Script::says("Three minutes."));
    let form = reqwest::multipart::Form::new().text("text", "And black tea?");
    let said = guest.request(reqwest::Method::POST, &scene.at("/messages")).header("x-fragment", "1").multipart(form);
    seen.push(("said".to_owned(), crate::support::Reply::of(said).await.body));
    for (what, text) in &seen {
        for secret in &secrets {
            assert!(!text.contains(secret.as_str()), "{secret} in {what}: {text}");
        }
    }
    assert!(seen.iter().any(|(_, text)| text.contains("Two minutes.")));
}

#[tokio::test]
async fn nothing_of_it_can_be_fetched_by_id() {
    let scene = Scene::new().await;
    let guest = scene.app.anonymous();
    let chat = scene.ask(&guest, "How long?", Script::says("Two minutes.")).await;
    let files: Vec<String> = sqlx::query_scalar("SELECT id FROM assistant_files").fetch_all(scene.app.db.reader()).await.unwrap();
    for file in &files {
        for path in
            [format!("/files/{file}"), format!("/assistants/{}/picture/{file}", scene.assistant), scene.at(&format!("/files/{file}"))]
        {
            let reply = guest.get(&path).await;
            assert!(matches!(reply.status, 303 | 404), "{path}: {}", reply.status);
        }
    }
    for path in [format!("/c/{chat}"), format!("/assistants/{}", scene.assistant), format!("/assistants/{}/edit", scene.assistant)] {
        assert!(guest.get(&path).await.location().starts_with("/signin"), "{path}");
    }
}

#[tokio::test]
async fn a_named_link_says_the_name_and_no_more() {
    let scene = Scene::new().await;
    scene.owner.post_form(&format!("/links/{}/edit", scene.link.id), &[("author", "name"), ("from", "assistant")]).await;
    let page = scene.app.anonymous().get(&scene.at("")).await.body;
    assert!(page.contains("By <bdi>Ada Quillfeather</bdi>"));
    assert!(!page.contains(&scene.owner.user.email) && !page.contains(&scene.owner.user.id));
}
