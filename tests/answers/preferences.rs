//! Custom instructions: said to every model, never part of a share.

use takeback::providers::settings::Kind;

use crate::support::{TestApp, Upstream};

const WISH: &str = "Answer like zanzibarquokka.";

#[tokio::test]
async fn custom_instructions_go_to_the_model_and_nowhere_else() {
    let upstream = Upstream::start().await;
    let app = TestApp::start_with(|config| upstream.connect(config, Kind::OpenAi)).await;
    let owner = app.owner().await;
    let saved = owner.post_form("/settings/instructions", &[("instructions", WISH)]).await;
    assert_eq!((saved.status, saved.location()), (303, "/settings?done=instructions#instructions"));
    let id = owner.begin_chat("How long does tea steep?").await;
    let asked = upstream.asked(1).await[0].json.clone();
    assert_eq!(asked["messages"][0]["role"], "system");
    assert_eq!(asked["messages"][0]["content"], WISH);

    app.answered(&id).await;
    let made = owner.post_form(&format!("/c/{id}/share"), &[("title", "Tea"), ("author", "anonymous")]).await;
    let path = &made.body[made.body.find("/share/").unwrap()..].split('"').next().unwrap().to_owned();
    let visitor = app.other().await;
    for surface in ["", "/markdown", "/continue"] {
        assert!(!app.anonymous().get(&format!("{path}{surface}")).await.body.contains("zanzibarquokka"));
    }
    let copy = visitor.post_form(&format!("{path}/continue"), &[]).await;
    visitor.say(&format!("{}/messages", copy.location()), "And mine?", "", &[]).await;
    let all = upstream.asked(2).await;
    assert!(!all.last().unwrap().json.to_string().contains("zanzibarquokka"));
}

#[tokio::test]
async fn too_long_wishes_are_refused_and_the_old_ones_stay() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    owner.post_form("/settings/instructions", &[("instructions", WISH)]).await;
    let refused = owner.post_form("/settings/instructions", &[("instructions", &"x".repeat(4_001))]).await;
    assert_eq!(refused.status, 400);
    let kept: String = sqlx::query_scalar("SELECT instructions FROM preferences").fetch_one(app.db.reader()).await.unwrap();
    assert_eq!(kept, WISH);
}
