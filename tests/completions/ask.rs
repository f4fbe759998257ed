//! An answer that is handed over whole, and what a model is told for it.

use serde_json::{Value, json};
use takeback::providers::settings::Kind;

use super::{MODEL, PATH, Scene, question, sent};
use crate::support::{Script, Step};

const PIXEL: &str = "R0lGODlhAQABAAAAACwAAAAAAQABAAACAjs=";

#[tokio::test]
async fn an_answer_has_openai_s_form_from_every_kind_of_provider_and_nothing_is_kept() {
    for kind in Kind::ALL {
        let scene = Scene::with(kind, |_| ()).await;
        let before = scene.app.rows().await;
        let steps =
            vec![Step::Reasoning("Hm, tea.".into()), Step::Text("Two ".into()), Step::Text("minutes.".into()), Step::End("stop", 11, 7)];
        let reply = scene.ask(&question(&json!({})), Script::of(steps)).await;
        assert_eq!(reply.status, 200, "{kind:?}: {}", reply.body);
        let answer = reply.json();
        let id = answer["id"].as_str().unwrap();
        assert!(id.starts_with("chatcmpl"), "{id}");
        assert_eq!(
            answer,
            json!({
                "id": id, "object": "chat.completion", "created": 1_768_478_400, "model": MODEL,
                "choices": [{
                    "index": 0, "logprobs": null, "finish_reason": "stop",
                    "message": {"role": "assistant", "content": "Two minutes.", "reasoning_content": "Hm, tea.", "refusal": null},
                }],
                "usage": {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}, "system_fingerprint": null,
            }),
            "{kind:?}"
        );
        let other_rows = |rows: Vec<String>| rows.into_iter().filter(|row| !row.starts_with("provider_lists")).collect::<Vec<_>>();
        assert_eq!(other_rows(scene.app.rows().await), other_rows(before), "{kind:?}");
    }
}

#[tokio::test]
async fn why_an_answer_ended_is_said() {
    let scene = Scene::new().await;
    for (word, reason) in [("length", "length"), ("filtered", "content_filter")] {
        let reply = scene.ask(&question(&json!({})), Script::of(vec![Step::Text("Half".into()), Step::End(word, 1, 2)])).await;
        assert_eq!(reply.json()["choices"][0]["finish_reason"], reason);
    }
}

#[tokio::test]
async fn every_role_reaches_the_model_and_pictures_do() {
    let scene = Scene::with(Kind::Compatible, |_| ()).await;
    let url = format!("data:image/png;base64,{PIXEL}");
    let messages = json!([
        {"role": "system", "content": "Be brief."},
        {"role": "developer", "content": [{"type": "text", "text": "Be kind."}]},
        {"role": "user", "content": [{"type": "text", "text": "What is this?"}, {"type": "image_url", "image_url": {"url": url, "detail": "low"}}], "name": "ada"},
        {"role": "assistant", "content": null, "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "look", "arguments": "{\"at\": 1}"}}]},
        {"role": "tool", "tool_call_id": "c1", "content": "a pixel"},
        {"role": "assistant", "content": "A pixel.", "refusal": null, "annotations": [], "audio": null, "function_call": null, "tool_calls": null, "reasoning_content": "Hm."},
        {"role": "user", "content": "Really?"},
    ]);
    let reply = scene.ask(&json!({"model": MODEL, "messages": messages}), Script::says("Yes.")).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let sent = sent(&scene.upstream).await;
    let roles: Vec<&str> = sent["messages"].as_array().unwrap().iter().map(|message| message["role"].as_str().unwrap()).collect();
    assert_eq!(roles, ["system", "user", "assistant", "user", "assistant", "user"]);
    let text = |at: usize| sent["messages"][at]["content"].as_str().unwrap().to_owned();
    assert_eq!(text(0), "Be brief.\n\nBe kind.");
    let parts = sent["messages"][1]["content"].to_string();
    // What it is, its bytes say.
    assert!(parts.contains("What is this?") && parts.contains(&format!("data:image/gif;base64,{PIXEL}")), "{parts}");
    assert_eq!(text(2), "[Called look with {\"at\": 1}]");
    assert_eq!(text(3), "[Result of look]\n\na pixel");
    assert_eq!((text(4), text(5)), ("A pixel.".to_owned(), "Really?".to_owned()));
    // Instructions alone are a question.
    assert_eq!(
        scene.ask(&json!({"model": MODEL, "messages": [{"role": "system", "content": "Greet me."}]}), Script::says("Hi.")).await.status,
        200
    );
    let sent = scene.upstream.asked(2).await.pop().unwrap().json;
    assert_eq!(sent["messages"], json!([{"role": "user", "content": "Greet me."}]));
}

#[tokio::test]
async fn a_model_that_takes_no_pictures_is_sent_none() {
    let scene = Scene::with_models(Kind::Compatible, &["o3-mini"], |_| ()).await;
    let url = format!("data:image/gif;base64,{PIXEL}");
    let body =
        json!({"model": "upstream/o3-mini", "messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": url}}]}]});
    let refused = scene.program.post(PATH, &body).await;
    let param = Some("messages[0].content[0].image_url.url".to_owned());
    assert_eq!(refused.refusal(), (400, "invalid_request_error".to_owned(), param), "{}", refused.body);
    assert!(scene.upstream.requests().is_empty());
}

#[tokio::test]
async fn a_picture_in_an_answer_is_handed_on() {
    let scene = Scene::new().await;
    let steps = vec![Step::Text("Look:".into()), Step::Image("image/png", b"\x89PNG\r\n\x1a\n".to_vec()), Step::End("stop", 1, 2)];
    let answer = scene.ask(&question(&json!({})), Script::of(steps)).await.json();
    let message: &Value = &answer["choices"][0]["message"];
    assert_eq!(message["content"], "Look:");
    assert!(message["images"][0]["image_url"]["url"].as_str().unwrap().starts_with("data:image/png;base64,iVBOR"), "{message}");
}

#[tokio::test]
async fn what_a_provider_refuses_is_told_in_our_words_with_a_status_that_clients_understand() {
    let scene = Scene::new().await;
    for (status, message, expected) in [
        (401, "Incorrect API key provided: sk-test-upstream", (502, "api_error", None, "provider_failed")),
        (404, "model_not_found", (404, "not_found_error", Some("model"), "model_not_found")),
        (429, "rate limited, sk-test-upstream", (429, "rate_limit_error", None, "provider_busy")),
        (400, "maximum context length is 8192 tokens", (400, "invalid_request_error", Some("messages"), "context_length_exceeded")),
        (400, "unsupported parameter: temperature", (400, "invalid_request_error", None, "question_refused")),
        (500, "upstream exploded", (502, "api_error", None, "provider_failed")),
    ] {
        for streams in [false, true] {
            let script = Script::refuses(status, message).header("retry-after", "7");
            let reply = scene.ask(&question(&json!({"stream": streams})), script).await;
            let (status, kind, param, code) = expected;
            assert_eq!(reply.refusal(), (status, kind.to_owned(), param.map(str::to_owned)), "{message}: {}", reply.body);
            assert_eq!(reply.json()["error"]["code"], code, "{message}");
            assert!(!reply.body.contains("sk-test") && !reply.body.contains("exploded"), "{}", reply.body);
            assert_eq!(reply.header("retry-after"), if status == 429 { "7" } else { "" });
        }
    }
    // Half an answer is none.
    let reply = scene.ask(&question(&json!({})), Script::says("Two minutes.").then_instead(1, vec![Step::Reset])).await;
    assert_eq!(reply.refusal(), (502, "api_error".to_owned(), None));
}
