//! What programs say in conversations.

use std::time::Duration;

use futures_util::StreamExt;
use reqwest::Method;
use serde_json::{Value, json};
use takeback::api_keys::revoke;
use takeback::audit::Via;

use super::{Scene, eventually};
use crate::support::{Caller, Drawn, Reply, Script, Step, Stopwatch};

const PIXEL: &str = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAACAjs=";

/// A program, and the address of a new conversation's messages.
async fn begun(scene: &Scene) -> (Caller, String, String) {
    let program = scene.app.program_of(&scene.owner.user).await;
    let made = program.post("/v1/conversations", &json!({})).await.json();
    let id = made["id"].as_str().unwrap().to_owned();
    (program, format!("/v1/conversations/{id}/messages"), id)
}

/// Every event of a streamed answer: its name and data.
async fn events(request: reqwest::RequestBuilder) -> Vec<(String, Value)> {
    let response = request.send().await.unwrap();
    assert_eq!((response.status().as_u16(), &response.headers()["content-type"]), (200, &"text/event-stream".parse().unwrap()));
    let mut bytes = response.bytes_stream();
    let mut text = String::new();
    while let Some(Ok(more)) = bytes.next().await {
        text.push_str(std::str::from_utf8(&more).unwrap());
    }
    let field = |block: &str, name: &str| block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ").map(str::to_owned));
    let read = |block: &str| {
        let data = field(block, "data")?;
        let data = if data == "[DONE]" { json!("done") } else { serde_json::from_str(&data).unwrap() };
        Some((field(block, "event").unwrap_or_default(), data))
    };
    text.split("\n\n").filter_map(read).collect()
}

#[tokio::test]
async fn a_message_is_answered_and_both_are_handed_over_and_stand_on_the_page() {
    let scene = Scene::new().await;
    let (program, path, id) = begun(&scene).await;
    scene.upstream.answer_next(Script::of(vec![
        Step::Reasoning("Hm.".into()),
        Step::Text("Two minutes.".into()),
        Step::End("stop", 11, 7),
    ]));
    let content = json!([{"type": "text", "text": "How long does tea steep?"}, {"type": "image_url", "image_url": {"url": PIXEL}}]);
    let reply = program.post(&path, &json!({"role": "user", "content": content, "model": "upstream/scripted"})).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let list = reply.json();
    let (question, answer) = (&list["data"][0], &list["data"][1]);
    assert_eq!((&list["first_id"], &list["last_id"], &list["has_more"]), (&question["id"], &answer["id"], &json!(false)));
    assert_eq!((&question["role"], &question["content"][1]["text"]), (&json!("user"), &json!("How long does tea steep?")));
    assert_eq!((&question["content"][0]["type"], &question["content"][0]["width"]), (&json!("image"), &json!(1)));
    assert_eq!(
        *answer,
        json!({
            "id": answer["id"], "object": "message", "created_at": 1_768_478_400, "conversation_id": id, "parent_id": question["id"],
            "role": "assistant", "model": "scripted", "status": "completed", "error": null,
            "content": [{"type": "reasoning", "text": "Hm."}, {"type": "text", "text": "Two minutes."}],
            "usage": {"input_tokens": 11, "output_tokens": 7, "total_tokens": 18},
        })
    );
    let body = scene.body(&id).await;
    assert!(body.contains("How long does tea steep?") && body.contains("Two minutes."), "{body}");
    assert!(scene.upstream.requests()[0].json.to_string().contains(PIXEL));
    // The next one goes on from there, with the same model.
    scene.upstream.answer_next(Script::says("Three."));
    let next = program.post(&path, &json!({"content": "And black tea?"})).await.json();
    assert_eq!(next["data"][0]["parent_id"], answer["id"]);
    assert_eq!(program.get(&path).await.json()["data"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn an_answer_that_fails_is_told_with_its_status_and_words() {
    let scene = Scene::new().await;
    let (program, path, _) = begun(&scene).await;
    for (script, status, words) in [
        (Script::refuses(401, "bad key sk-test-upstream"), "failed", "didn’t accept this server’s key"),
        (Script::says("Two minutes.").then_instead(1, vec![Step::Reset]), "failed", "broke off"),
        (Script::of(vec![Step::Text("Half".into()), Step::End("length", 1, 2)]), "incomplete", "longest length"),
    ] {
        scene.upstream.answer_next(script);
        let reply = program.post(&path, &json!({"content": "Hello"})).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        let answer = reply.json()["data"][1].clone();
        assert_eq!(answer["status"], status, "{answer}");
        assert!(answer["error"]["message"].as_str().unwrap().contains(words), "{answer}");
        assert!(!reply.body.contains("sk-test"));
    }
}

#[tokio::test]
async fn a_streamed_answer_comes_in_pieces_and_whole_at_the_end() {
    let scene = Scene::new().await;
    let (program, path, _) = begun(&scene).await;
    let steps = vec![Step::Reasoning("Hm.".into()), Step::Text("Green ".into()), Step::Text("or black.".into()), Step::End("stop", 11, 7)];
    scene.upstream.answer_next(Script::of(steps).hold_before(2));
    let request = program.request(Method::POST, &path).json(&json!({"content": "Which?", "stream": true}));
    let going = tokio::spawn(events(request));
    scene.upstream.held(1).await;
    eventually("the first words are written down", async || {
        let written: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM answer_pieces").fetch_one(scene.app.db.reader()).await.unwrap();
        written > 1
    })
    .await;
    scene.upstream.release();
    let events = going.await.unwrap();
    let names: Vec<&str> = events.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names[..2], ["message.created", "message.created"]);
    assert_eq!(names[names.len() - 2..], ["message.done", ""]);
    assert!(names[2..names.len() - 2].iter().all(|name| *name == "message.delta"), "{names:?}");
    assert_eq!(
        (&events[0].1["role"], &events[1].1["status"], &events[1].1["content"]),
        (&json!("user"), &json!("in_progress"), &json!([]))
    );
    let said = |kind: &str| -> String {
        let deltas = events.iter().filter(|(name, _)| name == "message.delta");
        deltas
            .flat_map(|(_, data)| data["delta"]["content"].as_array().unwrap())
            .filter(|part| part["type"] == kind)
            .map(|part| part["text"].as_str().unwrap())
            .collect()
    };
    assert_eq!((said("reasoning"), said("text")), ("Hm.".to_owned(), "Green or black.".to_owned()));
    let (_, done) = &events[events.len() - 2];
    assert_eq!((&done["status"], &done["content"][1]["text"]), (&json!("completed"), &json!("Green or black.")));
    assert_eq!(events.last().unwrap().1, "done");
}

#[tokio::test]
async fn an_answer_outlives_the_program_that_asked_for_it() {
    let scene = Scene::new().await;
    let (program, path, id) = begun(&scene).await;
    for streams in [true, false] {
        scene.upstream.answer_next(Script::says("Green or black.").hold_before(1));
        let request = program.request(Method::POST, &path).json(&json!({"content": "Which?", "stream": streams}));
        let waiting = tokio::spawn(async move { events(request).await });
        scene.upstream.held(if streams { 1 } else { 2 }).await;
        waiting.abort();
        assert!(waiting.await.is_err());
        // While it is written, nothing else is said here, and the list has what there is.
        let refused = program.post(&path, &json!({"content": "Well?"})).await;
        assert_eq!(refused.refusal(), (400, "invalid_request_error".to_owned(), Some("content".to_owned())));
        assert_eq!(program.get(&path).await.json()["data"][0]["status"], "in_progress");
        scene.upstream.release();
        assert_eq!(scene.app.answered(&id).await.state, "done");
        assert_eq!(program.get(&path).await.json()["data"][0]["content"], json!([{"type": "text", "text": "Green or black."}]));
    }
}

#[tokio::test]
async fn a_window_of_the_page_sees_what_a_program_says_and_its_stop_is_told() {
    let scene = Scene::new().await;
    let (program, path, id) = begun(&scene).await;
    scene.upstream.answer_next(Script::says("Green or black.").then_instead(2, vec![Step::Stall]));
    let request = program.request(Method::POST, &path).json(&json!({"content": "Which?"}));
    let going = tokio::spawn(Reply::of(request));
    scene.upstream.asked(1).await;
    let mut drawn = Drawn::from_page(&scene.body(&id).await);
    let mut line = scene.listen(&id, &drawn).await;
    drawn.until(&mut line, |drawn| drawn.text().contains("Green or")).await;
    assert_eq!(scene.owner.post_form(&format!("/c/{id}/stop"), &[]).await.status, 303);
    let answer = going.await.unwrap().json()["data"][1].clone();
    assert_eq!((&answer["status"], &answer["content"][0]["text"]), (&json!("stopped"), &json!("Green or ")));
}

#[tokio::test]
async fn a_key_that_ends_closes_the_line_within_a_second_and_the_answer_goes_on() {
    let scene = Scene::new().await;
    for streams in [false, true] {
        let (program, path, id) = begun(&scene).await;
        scene.upstream.answer_when("Which tea", Script::says("Green or black.").hold_before(1));
        let request = program.request(Method::POST, &path).json(&json!({"content": "Which tea?", "stream": streams}));
        let going = tokio::spawn(Reply::of(request));
        scene.upstream.held(1 + usize::from(streams)).await;
        let key: String = sqlx::query_scalar("SELECT id FROM api_keys ORDER BY last_used_at DESC, created_at DESC")
            .fetch_one(scene.app.db.reader())
            .await
            .unwrap();
        let since = Stopwatch::start();
        revoke::revoke(&scene.app, &scene.owner.user.id, &key, Via::Web).await.unwrap();
        let reply = going.await.unwrap();
        since.assert_within(Duration::from_secs(1));
        assert!(reply.body.contains("invalid_api_key"), "{}", reply.body);
        assert_eq!(reply.status, if streams { 200 } else { 401 });
        scene.upstream.release();
        assert_eq!(scene.app.answered(&id).await.state, "done");
    }
}

#[tokio::test]
async fn a_deleted_conversation_ends_the_wait_and_leaves_nothing() {
    let scene = Scene::new().await;
    let (program, path, id) = begun(&scene).await;
    scene.upstream.answer_next(Script::says("Green or black.").then_instead(1, vec![Step::Stall]));
    let going = tokio::spawn(Reply::of(program.request(Method::POST, &path).json(&json!({"content": "Which?"}))));
    scene.upstream.asked(1).await;
    assert_eq!(program.delete(&format!("/v1/conversations/{id}")).await.status, 200);
    assert_eq!(going.await.unwrap().refusal(), (404, "not_found_error".to_owned(), None));
    scene.upstream.disconnected(0).await;
}

#[tokio::test]
async fn a_request_that_is_sent_twice_says_it_once() {
    let scene = Scene::new().await;
    let (program, path, id) = begun(&scene).await;
    let send = |count: &'static str| {
        let request = program.request(Method::POST, &path).header("x-stainless-retry-count", count);
        tokio::spawn(Reply::of(request.json(&json!({"content": "Which?"}))))
    };
    scene.upstream.answer_next(Script::says("Green.").hold_before(0));
    let first = send("0");
    scene.upstream.held(1).await;
    first.abort();
    let remembered = async || {
        let marks: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM api_repeats").fetch_one(scene.app.db.reader()).await.unwrap();
        marks == 1
    };
    eventually("it is remembered", remembered).await;
    let again = send("1");
    scene.upstream.release();
    assert_eq!(again.await.unwrap().json()["data"][1]["content"][0]["text"], "Green.");
    scene.app.answered(&id).await;
    assert_eq!(send("2").await.unwrap().json()["data"][1]["content"][0]["text"], "Green.");
    assert_eq!(program.get(&path).await.json()["data"].as_array().unwrap().len(), 2);
    scene.upstream.answer_next(Script::says("Black."));
    assert_eq!(send("0").await.unwrap().json()["data"][1]["content"][0]["text"], "Black.");
}

#[tokio::test]
async fn what_can_t_be_said_is_named_and_nobody_is_asked() {
    let scene = Scene::new().await;
    let (program, path, _) = begun(&scene).await;
    // The list of models is asked for at the start.
    scene.app.providers.asked(&scene.app).await.unwrap();
    let before = scene.app.rows().await;
    let pictures: Vec<Value> = (0..11).map(|_| json!({"type": "image_url", "image_url": {"url": PIXEL}})).collect();
    for (body, param) in [
        (json!({}), "content"),
        (json!({"content": null}), "content"),
        (json!({"content": 5}), "content"),
        (json!({"content": ""}), "content"),
        (json!({"content": " \n"}), "content"),
        (json!({"content": "a\u{0}b"}), "content"),
        (json!({"content": []}), "content"),
        (json!({"content": [{"type": "text"}]}), "content[0].text"),
        (json!({"content": [{"type": "image_url", "image_url": {"url": "http://127.0.0.1/x.png"}}]}), "content[0].image_url.url"),
        (json!({"content": pictures}), "content"),
        (json!({"content": "x", "role": "assistant"}), "role"),
        (json!({"content": "x", "role": 5}), "role"),
        (json!({"content": "x", "model": 5}), "model"),
        (json!({"content": "x", "stream": "yes"}), "stream"),
        (json!({"content": "x", "temperature": 1}), "temperature"),
    ] {
        let refused = program.post(&path, &body).await;
        assert_eq!(refused.refusal(), (400, "invalid_request_error".to_owned(), Some(param.to_owned())), "{body}: {}", refused.body);
    }
    for model in ["", "upstream/none", "asst_none"] {
        let refused = program.post(&path, &json!({"content": "x", "model": model})).await;
        assert_eq!(refused.refusal(), (404, "not_found_error".to_owned(), Some("model".to_owned())), "{model}");
    }
    assert_eq!(program.post(&path, &json!({"content": "x".repeat(2 << 20)})).await.status, 413);
    assert_eq!(scene.app.rows().await, before);
    assert!(scene.upstream.requests().is_empty());
}
