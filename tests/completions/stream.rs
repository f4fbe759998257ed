//! An answer that is handed over as it arrives.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Chunks, MODEL, PATH, Scene, question};
use crate::support::{Script, Step};

#[tokio::test]
async fn chunks_are_openai_s_the_role_first_and_done_last() {
    let scene = Scene::new().await;
    let steps = || vec![Step::Reasoning("Hm.".into()), Step::Text("Two ".into()), Step::Text("minutes.".into()), Step::End("stop", 11, 7)];
    for with_usage in [false, true] {
        let body = question(&json!({"stream": true, "stream_options": {"include_usage": with_usage}}));
        let mut events = scene.stream(&body, Script::of(steps())).await.rest().await;
        assert_eq!(events.pop().unwrap(), "[DONE]");
        let chunks: Vec<Value> = events.iter().map(|data| serde_json::from_str(data).unwrap()).collect();
        let id = chunks[0]["id"].as_str().unwrap();
        let chunk = |choices: Value, usage: Value| {
            let mut chunk = json!({
                "id": id, "object": "chat.completion.chunk", "created": 1_768_478_400, "model": MODEL, "choices": choices,
                "system_fingerprint": null,
            });
            if with_usage {
                chunk["usage"] = usage;
            }
            chunk
        };
        let delta = |delta: Value, finish: Value| {
            chunk(json!([{"index": 0, "delta": delta, "logprobs": null, "finish_reason": finish}]), Value::Null)
        };
        let mut expected = vec![
            delta(json!({"role": "assistant", "content": ""}), Value::Null),
            delta(json!({"reasoning_content": "Hm."}), Value::Null),
            delta(json!({"content": "Two "}), Value::Null),
            delta(json!({"content": "minutes."}), Value::Null),
            delta(json!({}), json!("stop")),
        ];
        if with_usage {
            expected.push(chunk(json!([]), json!({"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18})));
        }
        assert_eq!(chunks, expected);
    }
}

#[tokio::test]
async fn each_piece_is_handed_over_before_the_next_one_is_there() {
    let scene = Scene::new().await;
    let mut chunks = scene.stream(&question(&json!({"stream": true})), Script::says("Green or black.").hold_before(1)).await;
    assert_eq!(chunks.until("Green").await, "Green ");
    scene.upstream.held(1).await;
    scene.upstream.release();
    assert_eq!(chunks.until("black.").await, "or black.");
    assert_eq!(chunks.rest().await.pop().unwrap(), "[DONE]");
}

#[tokio::test]
async fn what_goes_wrong_on_the_way_is_the_last_event_and_is_told_in_our_words() {
    let scene = Scene::new().await;
    let breaks = [
        (vec![Step::Error("secret sk-test-upstream".into())], "api_error"),
        (vec![Step::Error("rate_limit reached".into())], "rate_limit_error"),
        (vec![Step::Reset], "api_error"),
        (vec![Step::Raw(b"data: {nonsense\n\n".to_vec())], "api_error"),
        (vec![Step::Raw(b"data: \xff\xfe\n\n".to_vec())], "api_error"),
        (vec![], "api_error"),
    ];
    for (steps, kind) in breaks {
        let script = Script::says("Green or black.").then_instead(2, steps.clone());
        let events = scene.stream(&question(&json!({"stream": true})), script).await.rest().await;
        assert!(events.iter().any(|event| event.contains("Green ")), "{steps:?}: {events:?}");
        let error: Value = serde_json::from_str(events.last().unwrap()).unwrap();
        let fields: Vec<&String> = error["error"].as_object().unwrap().keys().collect();
        assert_eq!((fields.len(), &error["error"]["type"]), (4, &json!(kind)), "{steps:?}: {events:?}");
        assert!(!events.concat().contains("sk-test"), "{events:?}");
    }
}

#[tokio::test]
async fn a_program_that_reads_nothing_slows_its_own_answer_and_keeps_nobody_waiting() {
    let scene = Scene::new().await;
    let flood = Script::of(vec![Step::Text("Word. ".repeat(100)); 100_000]);
    let stuck = scene.stream(&question(&json!({"stream": true})), flood).await;
    for _ in 0..5 {
        scene.upstream.answer_next(Script::says("Two."));
        let answer = scene.program.post(PATH, &question(&json!({}))).await;
        assert_eq!(answer.json()["choices"][0]["message"]["content"], "Two.");
    }
    // It is read only as far as the program takes it, so most of it is still at the provider.
    assert!(!scene.upstream.requests()[0].finished);
    drop(stuck);
    scene.upstream.disconnected(0).await;
}

#[tokio::test]
async fn an_answer_without_end_is_cut_where_those_of_the_pages_are() {
    let scene = Scene::new().await;
    let reply = scene.ask(&question(&json!({})), Script::bytes(10 << 20)).await.json();
    assert_eq!(reply["choices"][0]["finish_reason"], "length");
    let length = reply["choices"][0]["message"]["content"].as_str().unwrap().len();
    assert!((4_000_000..4_200_000).contains(&length), "{length}");
    scene.upstream.disconnected(0).await;
    scene.upstream.answer_next(Script::says("Two."));
    let chunks = Chunks::of(scene.program.request(Method::POST, PATH).json(&question(&json!({"stream": true})))).await;
    assert_eq!(chunks.rest().await.len(), 4);
}
