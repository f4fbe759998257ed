//! The model names the conversation.

use std::time::Duration;

use takeback::providers::settings::Kind;

use crate::support::{Script, TestApp, Upstream};

async fn title(app: &TestApp) -> (String, Option<String>) {
    sqlx::query_as("SELECT title, server_title FROM conversations").fetch_one(app.db.reader()).await.unwrap()
}

/// Waits for the title that the model gives.
async fn named(app: &TestApp) -> String {
    for _ in 0..20_000 {
        if let (title, None) = title(app).await {
            return title;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("the conversation got no title");
}

#[tokio::test]
async fn after_the_first_answer_the_model_names_the_conversation_and_never_again() {
    let upstream = Upstream::start().await;
    upstream.answer_when("You name conversations", Script::says("\"Steeping <b>green</b> tea.\"").hold_before(1));
    let app = TestApp::start_with(|config| upstream.connect(config, Kind::OpenAi)).await;
    let owner = app.owner().await;
    let id = owner.begin_chat("How long does   green tea\nsteep?").await;
    upstream.held(1).await;
    assert_eq!(title(&app).await.0, "How long does green tea steep?");
    upstream.release();
    assert_eq!(named(&app).await, "Steeping <b>green</b> tea");
    assert!(owner.get(&format!("/c/{id}")).await.body.contains("Steeping &#60;b&#62;green"));

    owner.say(&format!("/c/{id}/messages"), "And black tea?", "", &[]).await;
    app.answered(&id).await;
    assert_eq!(upstream.asked(3).await.len(), 3, "two answers and one title");
}

#[tokio::test]
async fn a_title_given_by_hand_stays() {
    let upstream = Upstream::start().await;
    upstream.answer_when("You name conversations", Script::says("Of the model").hold_before(1));
    let app = TestApp::start_with(|config| upstream.connect(config, Kind::OpenAi)).await;
    let owner = app.owner().await;
    let id = owner.begin_chat("How long does tea steep?").await;
    upstream.held(1).await;
    owner.post_form(&format!("/c/{id}/rename"), &[("title", "By hand")]).await;
    upstream.release();
    upstream.finished(1).await;
    owner.say(&format!("/c/{id}/messages"), "And black tea?", "", &[]).await;
    app.answered(&id).await;
    assert_eq!(title(&app).await.0, "By hand");
}

#[tokio::test]
async fn a_model_that_gives_no_title_harms_nothing() {
    let upstream = Upstream::start().await;
    upstream.answer_when("You name conversations", Script::refuses(500, "no"));
    let app = TestApp::start_with(|config| upstream.connect(config, Kind::OpenAi)).await;
    let owner = app.owner().await;
    let id = owner.begin_chat("How long does tea steep?").await;
    assert_eq!(app.answered(&id).await.state, "done");
    upstream.asked(2).await;
    assert_eq!(title(&app).await.0, "How long does tea steep?");
}
