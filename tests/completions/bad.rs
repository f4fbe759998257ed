//! Requests that can't be read or honoured: a typed error that names the place, and nobody is asked.

use reqwest::Method;
use serde_json::{Value, json};

use super::{MODEL, PATH, Scene, question};
use crate::support::Reply;

fn invalid(param: Option<&str>) -> (u16, String, Option<String>) {
    (400, "invalid_request_error".to_owned(), param.map(str::to_owned))
}

#[tokio::test]
async fn every_field_that_is_wrong_is_named() {
    let scene = Scene::new().await;
    for (field, values) in [
        ("model", vec![json!(null), json!(5), json!([])]),
        ("messages", vec![json!(null), json!("x"), json!({}), json!([])]),
        ("stream", vec![json!("yes"), json!(1)]),
        ("max_tokens", vec![json!(0), json!(-1), json!(1.5), json!("9"), json!(1_u64 << 40)]),
        ("max_completion_tokens", vec![json!(0), json!("9")]),
        ("temperature", vec![json!(-0.1), json!(2.1), json!("hot")]),
        ("top_p", vec![json!(-1), json!(1.1), json!([])]),
        ("frequency_penalty", vec![json!(3), json!("x")]),
        ("presence_penalty", vec![json!(-3), json!({})]),
        ("n", vec![json!(0), json!(2), json!("1")]),
        ("seed", vec![json!(1.5), json!("x")]),
        ("stop", vec![json!(5), json!([5]), json!(""), json!(vec!["x"; 17]), json!({})]),
        ("logit_bias", vec![json!([]), json!("x")]),
        ("reasoning_effort", vec![json!(5)]),
        ("user", vec![json!(5), json!({})]),
        ("metadata", vec![json!("x"), json!([])]),
        ("store", vec![json!("x")]),
        ("tools", vec![json!("x"), json!([{"type": "function", "function": {"name": "look"}}])]),
        ("tool_choice", vec![json!("required"), json!({"type": "function"})]),
        ("functions", vec![json!([{"name": "look"}])]),
        ("function_call", vec![json!({"name": "look"})]),
        ("logprobs", vec![json!(true)]),
        ("top_logprobs", vec![json!(5)]),
        ("modalities", vec![json!(["text", "audio"])]),
        ("audio", vec![json!({"voice": "ash"})]),
        ("web_search_options", vec![json!({})]),
        ("response_format", vec![json!("json"), json!([])]),
        ("temprature", vec![json!(1), json!(null)]),
        ("stream_options", vec![json!({"include_usage": true}), json!("x")]),
    ] {
        for value in values {
            let reply = scene.program.post(PATH, &question(&json!({field: value}))).await;
            assert_eq!(reply.refusal(), invalid(Some(field)), "{field}: {value}: {}", reply.body);
        }
    }
    for (more, param) in [
        (json!({"response_format": {}}), "response_format.type"),
        (json!({"response_format": {"type": "yaml"}}), "response_format.type"),
        (json!({"response_format": {"type": "json_schema"}}), "response_format.json_schema.name"),
        (json!({"response_format": {"type": "json_schema", "json_schema": {"name": "x"}}}), "response_format.json_schema.schema"),
        (json!({"stream": true, "stream_options": {"more": 1}}), "stream_options.more"),
    ] {
        assert_eq!(scene.program.post(PATH, &question(&more)).await.refusal(), invalid(Some(param)), "{more}");
    }
    assert!(scene.upstream.requests().is_empty());
}

#[tokio::test]
async fn every_message_that_is_wrong_is_named() {
    let scene = Scene::new().await;
    let remote = json!([{"type": "text", "text": "x"}, {"type": "image_url", "image_url": {"url": "https://example.org/x.png"}}]);
    for (message, param) in [
        (json!(5), "messages[1]"),
        (json!({}), "messages[1].role"),
        (json!({"role": null, "content": "x"}), "messages[1].role"),
        (json!({"role": "queen", "content": "x"}), "messages[1].role"),
        (json!({"role": "user"}), "messages[1].content"),
        (json!({"role": "user", "content": null}), "messages[1].content"),
        (json!({"role": "user", "content": 5}), "messages[1].content"),
        (json!({"role": "user", "content": [5]}), "messages[1].content[0]"),
        (json!({"role": "user", "content": [{"type": "input_audio"}]}), "messages[1].content[0].type"),
        (json!({"role": "user", "content": remote}), "messages[1].content[1].image_url.url"),
        (json!({"role": "user", "content": "x", "more": 1}), "messages[1].more"),
        (json!({"role": "user", "content": "x", "name": 5}), "messages[1].name"),
        (json!({"role": "assistant", "content": "x", "tool_calls": "x"}), "messages[1].tool_calls"),
        (
            json!({"role": "assistant", "content": [{"type": "image_url", "image_url": {"url": "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAACAjs="}}]}),
            "messages[1].content[0].image_url.url",
        ),
    ] {
        let body = json!({"model": MODEL, "messages": [{"role": "user", "content": "x"}, message]});
        let reply = scene.program.post(PATH, &body).await;
        assert_eq!(reply.refusal(), invalid(Some(param)), "{message}: {}", reply.body);
    }
    for messages in [
        json!([{"role": "user", "content": ""}]),
        json!([{"role": "assistant", "content": null}]),
        json!([{"role": "user", "content": []}]),
    ] {
        let reply = scene.program.post(PATH, &json!({"model": MODEL, "messages": messages})).await;
        assert_eq!(reply.refusal(), invalid(Some("messages")), "{messages}");
    }
    let many: Vec<Value> = (0..10_001).map(|_| json!({"role": "user", "content": "x"})).collect();
    assert_eq!(scene.program.post(PATH, &json!({"model": MODEL, "messages": many})).await.refusal(), invalid(Some("messages")));
    assert!(scene.upstream.requests().is_empty());
}

#[tokio::test]
async fn a_body_that_is_no_request_is_refused_and_so_is_one_that_is_too_large() {
    let scene = Scene::new().await;
    let send = async |body: Vec<u8>| {
        Reply::of(scene.program.request(Method::POST, PATH).header("content-type", "application/json").body(body)).await
    };
    let deep =
        format!("{{\"model\": \"x\", \"messages\": [{{\"role\": \"user\", \"content\": {}{}}}]}}", "[".repeat(50_000), "]".repeat(50_000));
    for body in ["", "{", "[]", "null", "5", "\"x\"", "{\"model\": \"\u{1}\"}", &deep] {
        assert_eq!(send(body.into()).await.status, 400, "{}", &body[..body.len().min(40)]);
    }
    assert_eq!(send(b"{\"model\": \"\xff\"}".to_vec()).await.status, 400);
    assert_eq!(send(vec![b' '; 100 << 20]).await.refusal(), (413, "request_too_large".to_owned(), None));
    let form = scene.program.request(Method::POST, PATH).header("content-type", "text/plain").body("{}");
    assert_eq!(Reply::of(form).await.refusal(), invalid(None));
    assert_eq!(scene.program.get("/healthz").await.status, 200);
    assert!(scene.upstream.requests().is_empty());
    let strange = question(&json!({"messages": [{"role": "user", "content": "\u{0}\u{202e}\u{fffd} <script>"}]}));
    assert_eq!(scene.program.post(PATH, &strange).await.status, 200);
}
