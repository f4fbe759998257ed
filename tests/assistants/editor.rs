//! The editor.

use reqwest::multipart::Part;

use super::Scene;
use crate::support::{TestApp, assistant_form, with_file};

#[tokio::test]
async fn what_was_saved_stands_in_the_form_again() {
    let scene = Scene::new().await;
    let page = scene.owner.get(&scene.path("/edit")).await.body;
    for words in
        ["Tea Counsel", "Speak of tea alone.", "Knows tea.", "How long does green tea steep?", "stock.md", "Version 1 is published."]
    {
        assert!(page.contains(words), "{words}");
    }
    let portrait = scene.app.portrait(&scene.id).await;
    let picture = scene.owner.get(&scene.path(&format!("/picture/{portrait}"))).await;
    assert_eq!((picture.status, picture.header("content-type")), (200, "image/gif"));
    assert!(picture.header("content-security-policy").contains("sandbox"));
}

#[tokio::test]
async fn what_can_t_be_saved_comes_back_with_what_was_typed() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    for (form, words) in [
        (assistant_form("  ", "Be brief."), "The name is empty."),
        (assistant_form("Tea", "Be brief.").text("temperature", "hot"), "The temperature is a number from 0 to 2"),
        (assistant_form("Tea", "Be brief.").text("model", "nowhere/none"), "This model isn’t available any more."),
        (assistant_form("Tea", &format!("Be brief.{}", "x".repeat(32_000))), "The instructions can have 32,000 characters."),
        (assistant_form("Tea", "Be brief.").text("emoji", "🍵".repeat(11)), "One emoji is enough."),
    ] {
        let reply = owner.post_assistant("/assistants", form).await;
        assert_eq!(reply.status, 400, "{words}");
        assert!(reply.body.contains(words) && reply.body.contains("Be brief."), "{words}: {}", reply.body);
    }
    let form = with_file(assistant_form("Tea", "Be brief."), "a.docx", "PK\0");
    assert!(owner.post_assistant("/assistants", form).await.body.contains("is no PDF and no text or Markdown"));
    let form = assistant_form("Tea", "Be brief.").part("picture", Part::text("<svg onload=x>").file_name("a.svg"));
    assert!(owner.post_assistant("/assistants", form).await.body.contains("PNG, JPEG, GIF or WebP"));
    let made: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM assistants").fetch_one(app.db.reader()).await.unwrap();
    assert_eq!(made, 0);
}

#[tokio::test]
async fn files_that_don_t_fit_are_named_and_the_model_is_not_sent_them() {
    let scene = Scene::new().await;
    // Half of the window, and more, in one file.
    let form = with_file(assistant_form("Tea Counsel", "Be brief.").text("publish", "1"), "small.md", "Oolong is blue.");
    let form = with_file(form, "large.md", &"a word about quincemarrow tea ".repeat(30_000));
    scene.owner.post_assistant(&scene.path("/edit"), form).await;
    let page = scene.owner.get(&scene.path("/edit")).await.body;
    assert_eq!(page.matches("too large: brewer-9 can’t read it").count(), 1, "{page}");
    assert!(page.contains("Not all of it fits."));
    scene.chat(&scene.owner, "How long?", crate::support::Script::says("Two minutes.")).await;
    let told = scene.last_told();
    assert!(told.contains("Oolong is blue.") && !told.contains("quincemarrow"), "whole files or nothing of them");
}

#[tokio::test]
async fn an_assistant_can_keep_no_file_of_another_s() {
    let scene = Scene::new().await;
    let query = "SELECT id FROM assistant_files WHERE assistant_id = $1 AND kind = 'knowledge'";
    let file: String = sqlx::query_scalar(query).bind(&scene.id).fetch_one(scene.app.db.reader()).await.unwrap();
    let other = scene.app.other().await;
    let id = other.make_assistant(assistant_form("Mine", "Be brief.").text("keep", file.clone())).await;
    other.post_assistant(&format!("/assistants/{id}/edit"), assistant_form("Mine", "Be brief.").text("keep", file)).await;
    assert!(!other.get(&format!("/assistants/{id}/edit")).await.body.contains("stock.md"));
}

#[tokio::test]
async fn a_draft_is_listed_for_nobody() {
    let scene = Scene::new().await;
    let id = scene.owner.make_assistant(assistant_form("Letters", "Write letters.")).await;
    let reply = scene.owner.post_form(&format!("/assistants/{id}/visibility"), &[("listed", "true")]).await;
    assert_eq!(reply.status, 400);
    assert!(reply.body.contains("Publish the assistant first"));
}

#[tokio::test]
async fn a_copy_is_a_draft_of_one_s_own_with_files_of_its_own() {
    let scene = Scene::new().await;
    scene.list().await;
    // Who may talk to it may not take it apart.
    assert_eq!(scene.app.other().await.post_form(&scene.path("/duplicate"), &[]).await.status, 404);
    let reply = scene.owner.post_form(&scene.path("/duplicate"), &[]).await;
    let copy = reply.location().split('/').nth(2).unwrap().to_owned();
    scene.owner.post_form(&scene.path("/delete"), &[]).await;
    let page = scene.owner.get(&format!("/assistants/{copy}/edit")).await.body;
    assert!(page.contains("Tea Counsel (copy)") && page.contains("stock.md") && page.contains("a draft: nobody but its editors"));
    let portrait = scene.app.portrait(&copy).await;
    assert_eq!(scene.owner.get(&format!("/assistants/{copy}/picture/{portrait}")).await.status, 200);
}
