//! Which models a provider has.

use takeback::providers::provider::{Listed, Provider};
use takeback::providers::settings::Kind;

use super::remote;
use crate::support::{Script, Upstream};

#[tokio::test]
async fn every_kind_says_which_models_it_has() {
    let upstream = Upstream::start().await;
    upstream.set_models(&["gpt-b", "gpt-a", "gpt-a"]);
    for kind in Kind::ALL {
        let models = remote(&upstream, kind).models().await.unwrap();
        let (context_tokens, takes_images) = match kind {
            Kind::Gemini => (Some(32_768), None),
            Kind::Ollama => (Some(4_096), Some(true)),
            _ => (None, None),
        };
        let expected = ["gpt-a", "gpt-b"].map(|name| Listed { name: name.to_owned(), context_tokens, takes_images });
        assert_eq!(models, expected, "{kind:?}");
    }
}

#[tokio::test]
async fn what_servers_say_about_their_models_is_read() {
    let upstream = Upstream::start().await;
    upstream.answer_list(Script::raw(
        "application/json",
        r#"{"data": [
            {"id": "a-vllm", "max_model_len": 40960},
            {"id": "b-openrouter", "context_length": 200000, "architecture": {"input_modalities": ["text", "image"]}},
            {"id": "c-mistral", "max_context_length": 131072, "capabilities": {"vision": false}},
            {"id": "d-llama.cpp", "meta": {"n_ctx_train": 8192}},
            {"id": "bad\u0007name"}, {"id": ""}, {"id": 7}, 8
        ]}"#,
    ));
    let models = remote(&upstream, Kind::Compatible).models().await.unwrap();
    let shown: Vec<_> = models.iter().map(|model| (model.name.as_str(), model.context_tokens, model.takes_images)).collect();
    assert_eq!(
        shown,
        [
            ("a-vllm", Some(40_960), None),
            ("b-openrouter", Some(200_000), Some(true)),
            ("c-mistral", Some(131_072), Some(false)),
            ("d-llama.cpp", Some(8_192), None),
        ]
    );
}

#[tokio::test]
async fn a_list_that_is_none_is_a_failure_in_our_words() {
    let upstream = Upstream::start().await;
    for (script, words) in [
        (Script::raw("text/html", "<h1>zanzibar</h1>"), "isn’t an answer"),
        (Script::raw("application/json", "{\"data\": \"zanzibar\"}"), "isn’t an answer"),
        (Script::refuses(401, "zanzibar"), "key"),
        (Script::refuses(404, "zanzibar"), "isn’t an answer"),
        (Script::refuses(429, "zanzibar"), "too often"),
    ] {
        upstream.answer_list(script);
        for kind in Kind::ALL {
            let failure = remote(&upstream, kind).models().await.unwrap_err();
            assert!(failure.words.contains(words) && !failure.words.contains("zanzibar"), "{kind:?}: {}", failure.words);
        }
    }
}
