//! Which models a person is offered.

use futures_util::StreamExt;
use takeback::providers::catalog::{self, Model};
use takeback::providers::provider::{Piece, Question};
use takeback::providers::refresh;
use takeback::providers::settings::Kind;

use crate::support::{Actor, Port, Script, TestApp, Upstream};

async fn offered(app: &TestApp, actor: &Actor) -> Vec<Model> {
    catalog::available(app, &actor.user).await.unwrap()
}

async fn names(app: &TestApp, actor: &Actor) -> Vec<String> {
    offered(app, actor).await.into_iter().map(|model| model.id).collect()
}

#[tokio::test]
async fn without_a_provider_there_is_the_demo_plainly_no_ai() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let models = offered(&app, &owner).await;
    assert_eq!(models.len(), 1);
    assert_eq!((models[0].id.as_str(), models[0].name.as_str(), models[0].is_demo), ("demo/demo", "Demo (not an AI)", true));
    let chosen = catalog::choose(&app, &owner.user, "demo/demo").await.unwrap();
    let pieces: Vec<_> = chosen.provider.answer(Question::default()).collect().await;
    let said: String =
        pieces.iter().filter_map(|piece| if let Ok(Piece::Text(text)) = piece { Some(text.as_str()) } else { None }).collect();
    assert!(said.contains("not an AI"));
}

#[tokio::test]
async fn every_configured_provider_s_models_are_there_at_the_first_question() {
    let upstream = Upstream::start().await;
    upstream.set_models(&["gpt-4o", "gpt-5", "gpt-4o-mini"]);
    let app = TestApp::start_with(|config| {
        config.providers = Kind::ALL.map(|kind| upstream.settings(kind.as_str(), kind)).to_vec();
    })
    .await;
    let owner = app.owner().await;
    let models = offered(&app, &owner).await;
    assert_eq!(models.len(), 15);
    assert_eq!(models[0].id, "openai/gpt-5", "the newest general one first");
    assert!(models.iter().all(|model| !model.is_demo));
    let of = |id: &str| models.iter().find(|model| model.id == id).unwrap().context_tokens;
    assert_eq!((of("openai/gpt-4o"), of("gemini/gpt-4o"), of("ollama/gpt-4o")), (128_000, 32_768, 4_096));
    for model in models {
        let chosen = catalog::choose(&app, &owner.user, &model.id).await.unwrap();
        upstream.answer_next(Script::says("Hello."));
        let pieces: Vec<_> = chosen.provider.answer(super::question("Hi")).collect().await;
        assert!(pieces.contains(&Ok(Piece::Text("Hello.".into()))), "{}", model.id);
    }
    assert!(catalog::choose(&app, &owner.user, "openai/gpt-99").await.is_err());
    assert!(catalog::choose(&app, &owner.user, "demo/demo").await.is_err(), "the demo is there when nothing else is");
    let lists = upstream.list_requests().len();
    assert_eq!(names(&app, &owner).await.len(), 15);
    assert_eq!(upstream.list_requests().len(), lists, "answered from memory");
}

#[tokio::test]
async fn a_provider_that_stops_answering_keeps_the_models_that_it_had() {
    let upstream = Upstream::start().await;
    let app = TestApp::start_with(|config| upstream.connect(config, Kind::Compatible)).await;
    let owner = app.owner().await;
    assert_eq!(names(&app, &owner).await, ["upstream/scripted"]);
    upstream.answer_list(Script::refuses(500, "zanzibar"));
    refresh::everything(&app).await.unwrap();
    assert_eq!(names(&app, &owner).await, ["upstream/scripted"]);
    let summary = catalog::summary(&app).await.unwrap();
    assert!(summary.providers[0].problem.contains("has a fault") && !summary.providers[0].problem.contains("zanzibar"));
    let app = app.restart().await;
    assert_eq!(names(&app, &owner).await, ["upstream/scripted"], "after a restart too");
}

#[tokio::test]
async fn models_may_be_named_for_a_server_that_has_no_list() {
    let upstream = Upstream::start().await;
    upstream.answer_list(Script::refuses(404, "no list"));
    let app = TestApp::start_with(|config| {
        let mut settings = upstream.settings("Lab", Kind::Compatible);
        settings.models = vec!["mine".to_owned()];
        settings.context_tokens = Some(12_345);
        config.providers = vec![settings];
    })
    .await;
    let owner = app.owner().await;
    let models = offered(&app, &owner).await;
    assert_eq!((models[0].id.as_str(), models[0].context_tokens), ("lab/mine", 12_345));
    assert!(upstream.list_requests().is_empty());
}

#[tokio::test]
async fn an_ollama_is_found_by_itself_also_when_it_starts_later() {
    let port = Port::take();
    let address = port.address();
    let app = TestApp::start_with(|config| config.ollama = Some(format!("http://{address}"))).await;
    let owner = app.owner().await;
    assert_eq!(names(&app, &owner).await, ["demo/demo"]);
    let upstream = Upstream::start_at(address).await;
    upstream.set_models(&["llama3.2:3b"]);
    refresh::everything(&app).await.unwrap();
    assert_eq!(names(&app, &owner).await, ["ollama/llama3.2:3b"]);
    assert!(catalog::summary(&app).await.unwrap().providers[0].found);
    drop(upstream);
    refresh::everything(&app).await.unwrap();
    assert_eq!(names(&app, &owner).await, ["demo/demo"], "and gone when it is gone");
}
