//! What becomes of the fields of OpenAI's form.

use serde_json::json;
use takeback::providers::settings::Kind;

use super::{Scene, question, sent};
use crate::support::Script;

#[tokio::test]
async fn wishes_reach_a_provider_that_has_a_word_for_them() {
    let wishes = json!({
        "temperature": 0.5, "top_p": 0.9, "stop": ["END", "STOP"], "seed": 7, "max_tokens": 50, "frequency_penalty": 0.25,
        "presence_penalty": 1, "reasoning_effort": "low", "logit_bias": {"50256": -100},
    });
    let schema = json!({"type": "json_schema", "json_schema": {"name": "tea", "strict": true, "schema": {"type": "object"}}});
    for kind in Kind::ALL {
        let scene = Scene::with(kind, |_| ()).await;
        let reply = scene.ask(&question(&wishes), Script::says("Two.")).await;
        assert_eq!(reply.status, 200, "{kind:?}: {}", reply.body);
        let sent = sent(&scene.upstream).await;
        let at = |places: &[(&str, serde_json::Value)]| {
            for (place, value) in places {
                assert_eq!(sent.pointer(place), Some(value), "{kind:?} {place}: {sent}");
            }
        };
        match kind {
            Kind::OpenAi | Kind::Compatible => at(&[
                ("/temperature", json!(0.5)),
                ("/top_p", json!(0.9)),
                ("/stop", json!(["END", "STOP"])),
                ("/seed", json!(7)),
                ("/max_tokens", json!(50)),
                ("/frequency_penalty", json!(0.25)),
                ("/presence_penalty", json!(1.0)),
                ("/reasoning_effort", json!("low")),
                ("/logit_bias/50256", json!(-100)),
            ]),
            Kind::Anthropic => at(&[("/temperature", json!(0.5)), ("/stop_sequences", json!(["END", "STOP"])), ("/max_tokens", json!(50))]),
            Kind::Gemini => {
                at(&[
                    ("/generationConfig/temperature", json!(0.5)),
                    ("/generationConfig/maxOutputTokens", json!(50)),
                    ("/generationConfig/seed", json!(7)),
                ]);
            }
            Kind::Ollama => at(&[("/options/temperature", json!(0.5)), ("/options/num_predict", json!(50)), ("/options/seed", json!(7))]),
        }
        // JSON, where the provider can be asked for it; nowhere is it passed over.
        for format in [json!({"type": "json_object"}), schema.clone()] {
            let is_schema = format["type"] == "json_schema";
            let can = match kind {
                Kind::OpenAi | Kind::Compatible => true,
                Kind::Anthropic | Kind::Gemini => is_schema,
                Kind::Ollama => !is_schema,
            };
            let before = scene.upstream.requests().len();
            let reply = scene.ask(&question(&json!({"response_format": format})), Script::says("{}")).await;
            assert_eq!(reply.status, if can { 200 } else { 400 }, "{kind:?} {format}: {}", reply.body);
            let asked = scene.upstream.requests();
            assert_eq!(asked.len(), before + usize::from(can));
            if matches!(kind, Kind::OpenAi | Kind::Compatible) {
                assert_eq!(asked.last().unwrap().json["response_format"], format);
            }
        }
    }
}

#[tokio::test]
async fn what_changes_nothing_is_taken_and_no_provider_is_told_of_users() {
    let scene = Scene::new().await;
    let fields = json!({
        "user": "customer-4711", "metadata": {"ticket": "canary"}, "store": false, "service_tier": "auto", "safety_identifier": "canary",
        "prompt_cache_key": "canary", "prompt_cache_retention": "24h", "parallel_tool_calls": true, "prediction": {"type": "content", "content": "canary"},
        "n": 1, "stream": false, "stream_options": null, "tools": [], "tool_choice": "auto", "functions": [], "function_call": "none",
        "logprobs": false, "top_logprobs": 0, "modalities": ["text"], "audio": null, "web_search_options": null,
        "response_format": {"type": "text"}, "logit_bias": {}, "stop": null, "max_tokens": null, "temperature": null, "seed": null,
    });
    let reply = scene.ask(&question(&fields), Script::says("Two.")).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let sent = sent(&scene.upstream).await;
    let mut names: Vec<&String> = sent.as_object().unwrap().keys().collect();
    names.sort_unstable();
    assert_eq!(names, ["messages", "model", "stream", "stream_options"], "{sent}");
    assert!(!sent.to_string().contains("canary") && !sent.to_string().contains("4711"));
}
