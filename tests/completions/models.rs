//! `/v1/models`

use std::collections::HashSet;

use serde_json::json;
use takeback::providers::manage;
use takeback::providers::settings::Kind;

use super::Scene;
use crate::support::TestApp;

#[tokio::test]
async fn models_are_listed_in_openai_s_form_and_found_by_their_names() {
    let scene = Scene::with_models(Kind::Compatible, &["scripted", "org/large:v2"], |_| ()).await;
    let list = scene.program.get("/v1/models").await;
    let model = json!({
        "id": "upstream/scripted", "object": "model", "created": 0, "owned_by": "upstream", "name": "scripted",
        "context_length": list.json()["data"][0]["context_length"], "architecture": {"input_modalities": ["text", "image"]},
    });
    assert_eq!((list.status, &list.json()["object"]), (200, &json!("list")));
    let ids: HashSet<String> =
        list.json()["data"].as_array().unwrap().iter().map(|model| model["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids, HashSet::from(["upstream/scripted".to_owned(), "upstream/org/large:v2".to_owned()]));
    for path in ["/v1/models/upstream/scripted", "/v1/models/upstream%2Fscripted"] {
        assert_eq!(scene.program.get(path).await.json(), model, "{path}");
    }
    for path in ["/v1/models/upstream/org/large:v2", "/v1/models/upstream%2Forg%2Flarge%3Av2"] {
        assert_eq!(scene.program.get(path).await.json()["id"], "upstream/org/large:v2", "{path}");
    }
    for path in ["/v1/models/scripted", "/v1/models/upstream/none", "/v1/models/upstream/%00", "/v1/models/x/../y"] {
        assert_eq!(scene.program.get(path).await.status, 404, "{path}");
    }
    let refused = scene.program.get("/v1/models/gpt-9").await;
    assert_eq!(refused.refusal(), (404, "not_found_error".to_owned(), Some("model".to_owned())));
    assert_eq!(refused.json()["error"]["code"], "model_not_found");
    assert_eq!(scene.program.get("/v1/models?limit=1").await.refusal().2.unwrap(), "limit");
}

#[tokio::test]
async fn a_model_that_is_not_theirs_is_as_unknown_as_one_that_never_was() {
    let scene = Scene::new().await;
    let admin = scene.app.admin().await;
    // Nothing is said of a model before its provider has named it.
    scene.app.providers.asked(&scene.app).await.unwrap();
    manage::allow(&scene.app, &admin.user.id, "upstream/scripted", "admins", HashSet::new()).await.unwrap();
    let theirs = scene.app.program_of(&admin.user).await;
    assert_eq!(theirs.get("/v1/models").await.json()["data"][0]["id"], "upstream/scripted");
    assert_eq!(scene.program.get("/v1/models").await.json()["data"][0]["id"], "demo/demo");
    let ask = |model: &str| json!({"model": model, "messages": [{"role": "user", "content": "x"}]});
    let refused = scene.program.post(super::PATH, &ask("upstream/scripted")).await;
    let unknown = scene.program.post(super::PATH, &ask("upstream/never")).await;
    assert_eq!(refused.refusal(), (404, "not_found_error".to_owned(), Some("model".to_owned())));
    assert_eq!(refused.body, unknown.body);
    assert_eq!(theirs.post(super::PATH, &ask("upstream/scripted")).await.status, 200);
}

#[tokio::test]
async fn without_a_provider_there_is_the_demo_and_it_answers() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let program = app.program_of(&owner.user).await;
    let list = program.get("/v1/models").await.json();
    assert_eq!((&list["data"][0]["id"], list["data"].as_array().unwrap().len()), (&json!("demo/demo"), 1));
    let answer = program.post(super::PATH, &json!({"model": "demo/demo", "messages": [{"role": "user", "content": "Hello"}]})).await;
    assert!(answer.json()["choices"][0]["message"]["content"].as_str().unwrap().contains("not an AI"));
}
