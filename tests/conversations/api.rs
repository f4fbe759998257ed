//! `/v1/conversations`: what programs do with conversations.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use takeback::ids;
use takeback_transcripts::Part;

use crate::support::{Caller, Reply, TestApp};

const PIXEL: &str = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAACAjs=";

async fn ids_of(program: &Caller, path: &str) -> Vec<String> {
    let list = program.get(path).await.json();
    list["data"].as_array().unwrap_or_else(|| panic!("{list}")).iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

/// Reads a whole list, page by page and then back again.
async fn all(program: &Caller, path: &str, limit: usize) -> Vec<String> {
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let list = program.get(&format!("{path}limit={limit}{cursor}")).await.json();
        let ids: Vec<String> = list["data"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(
            (list["first_id"].as_str(), list["last_id"].as_str()),
            (ids.first().map(String::as_str), ids.last().map(String::as_str))
        );
        cursor = format!("&after={}", ids.last().unwrap());
        seen.extend(ids);
        if list["has_more"] == false {
            break;
        }
    }
    let mut back = vec![seen.last().unwrap().clone()];
    loop {
        let list = program.get(&format!("{path}limit={limit}&before={}", back[0])).await.json();
        back.splice(0..0, list["data"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        if list["has_more"] == false {
            break;
        }
    }
    assert_eq!(back, seen);
    seen
}

#[tokio::test]
async fn a_conversation_is_made_looked_at_renamed_and_deleted_with_its_links() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let program = app.program_of(&owner.user).await;
    let empty = program.post("/v1/conversations", &json!({})).await.json();
    assert_eq!(
        empty,
        json!({
            "id": empty["id"], "object": "conversation", "created_at": 1_768_478_400, "updated_at": 1_768_478_400, "title": "New chat",
            "current_message_id": null, "source": null, "shared": false,
        })
    );
    let path = format!("/v1/conversations/{}", empty["id"].as_str().unwrap());
    assert_eq!(program.get(&path).await.json(), empty);
    assert_eq!(program.get(&format!("{path}/messages")).await.json()["data"], json!([]));
    assert_eq!(program.post(&path, &json!({"title": " Tea \u{7}for two "})).await.json()["title"], "Tea for two");
    assert!(owner.get("/").await.body.contains("Tea for two"));

    let messages = json!([
        {"role": "system", "content": "zanzibarquokka"},
        {"role": "user", "content": [{"type": "text", "text": "What is **this**?"}, {"type": "image_url", "image_url": {"url": PIXEL}}]},
        {"role": "assistant", "content": "A pixel."},
    ]);
    let made = program.post("/v1/conversations", &json!({"messages": messages})).await.json();
    assert_eq!(made["title"], "What is **this**?");
    let path = format!("/v1/conversations/{}", made["id"].as_str().unwrap());
    let said = program.get(&format!("{path}/messages?order=asc")).await.json();
    assert_eq!(said["data"].as_array().unwrap().len(), 2, "what is hidden on the page is hidden here: {said}");
    let (question, answer) = (&said["data"][0], &said["data"][1]);
    assert_eq!(question["content"][0]["text"], "What is **this**?");
    assert_eq!(question["content"][1]["type"], "image");
    assert!(question["content"][1]["file_id"].as_str().unwrap().starts_with("file_"));
    assert_eq!(
        *answer,
        json!({
            "id": made["current_message_id"], "object": "message", "created_at": 1_768_478_400, "conversation_id": made["id"],
            "parent_id": question["id"], "role": "assistant", "model": null, "status": "completed", "error": null,
            "content": [{"type": "text", "text": "A pixel."}], "usage": null,
        })
    );
    let link = program.post("/v1/shared_links", &json!({"target": {"type": "conversation", "id": made["id"]}})).await.json();
    let page = format!("/share/{}", ids::token_of(link["id"].as_str().unwrap()));
    assert_eq!((app.anonymous().get(&page).await.status, &program.get(&path).await.json()["shared"]), (200, &json!(true)));
    let gone = program.delete(&path).await;
    assert_eq!((gone.status, gone.json()), (200, json!({"id": made["id"], "object": "conversation.deleted", "deleted": true})));
    assert_eq!(app.anonymous().get(&page).await.status, 404);
    let never = format!("/v1/conversations/{}", ids::new("conv"));
    for below in ["", "/messages"] {
        assert_eq!(program.get(&format!("{path}{below}")).await.body, program.get(&format!("{never}{below}")).await.body);
    }
    for reply in [program.delete(&path).await, program.post(&path, &json!({"title": "x"})).await] {
        assert_eq!(reply.refusal(), (404, "not_found_error".to_owned(), None));
    }
    let deleted: Vec<String> = app.rows().await.into_iter().filter(|row| row.contains("conversation.deleted")).collect();
    assert!(deleted.len() == 1 && deleted[0].contains("client=Some(\"api\")"), "{deleted:?}");
}

#[tokio::test]
async fn every_conversation_is_listed_once_in_either_direction_even_when_times_are_equal() {
    let app = TestApp::start().await;
    let (owner, other) = (app.owner().await, app.other().await);
    let program = app.program_of(&owner.user).await;
    let none = program.get("/v1/conversations").await.json();
    assert_eq!(none, json!({"object": "list", "data": [], "first_id": null, "last_id": null, "has_more": false}));
    let theirs = app.small_talk(&other.user).await;
    let mut made = Vec::new();
    for at in 0..25 {
        made.push(app.talk(&owner.user, &format!("Talk {at}"), &[]).await);
        if at % 10 == 0 {
            app.advance(Duration::from_secs(1));
        }
    }
    // What was said later changes no place.
    app.say(&mut made[3], "user", "x").await;
    for order in ["desc", "asc"] {
        let seen = all(&program, &format!("/v1/conversations?order={order}&"), 7).await;
        assert_eq!(seen.len(), 25);
        let mut sorted = seen.clone();
        sorted.sort_unstable();
        let mut expected: Vec<String> = made.iter().map(|talk| talk.id.clone()).collect();
        expected.sort_unstable();
        assert_eq!(sorted, expected);
        let list = program.get(&format!("/v1/conversations?limit=100&order={order}")).await.json();
        let times: Vec<i64> = list["data"].as_array().unwrap().iter().map(|item| item["created_at"].as_i64().unwrap()).collect();
        assert!(times.is_sorted_by(|a, b| if order == "asc" { a <= b } else { a >= b }), "{times:?}");
    }
    let told = |reply: Reply, id: &str| reply.body.replace(id, "ID");
    let never = ids::new("conv");
    let of_other = program.get(&format!("/v1/conversations?after={}", theirs.id)).await;
    assert_eq!(of_other.refusal(), (400, "invalid_request_error".to_owned(), Some("after".to_owned())));
    assert_eq!(told(of_other, &theirs.id), told(program.get(&format!("/v1/conversations?after={never}")).await, &never));
}

#[tokio::test]
async fn words_are_searched_for_in_titles_and_messages_of_one_s_own() {
    let app = TestApp::start().await;
    let (owner, other) = (app.owner().await, app.other().await);
    let program = app.program_of(&owner.user).await;
    let by_title = program.post("/v1/conversations", &json!({"title": "Grüner Tee"})).await.json();
    app.advance(Duration::from_secs(1));
    let said = json!({"title": "Drinks", "messages": [{"role": "user", "content": "How long does gruner tee steep?"}]});
    let by_message = program.post("/v1/conversations", &said).await.json();
    program.post("/v1/conversations", &json!({"title": "Kaffee"})).await;
    app.program_of(&other.user).await.post("/v1/conversations", &json!({"title": "Grüner Tee"})).await;
    app.finish_jobs().await;
    let id = |made: &Value| made["id"].as_str().unwrap().to_owned();
    assert_eq!(ids_of(&program, "/v1/conversations?q=GR%C3%9CNER%20tee").await, [id(&by_message), id(&by_title)]);
    assert_eq!(all(&program, "/v1/conversations?q=gr%C3%BCner&order=asc&", 1).await, [id(&by_title), id(&by_message)]);
    assert_eq!(ids_of(&program, "/v1/conversations?q=matcha").await, Vec::<String>::new());
    assert_eq!(ids_of(&program, "/v1/conversations?q=").await.len(), 3);
    assert_eq!(program.get("/v1/conversations?q=%25%25").await.refusal().2.unwrap(), "q");
    assert_eq!(program.get("/v1/conversations?q=tee&after=conv_none").await.refusal().2.unwrap(), "after");
    program.delete(&format!("/v1/conversations/{}", id(&by_message))).await;
    assert_eq!(ids_of(&program, "/v1/conversations?q=tee").await, [id(&by_title)]);
}

#[tokio::test]
async fn a_branch_is_read_in_either_direction_and_another_one_by_its_leaf() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let program = app.program_of(&owner.user).await;
    let mut talk = app.talk(&owner.user, "Long", &[]).await;
    for at in 0..130 {
        app.say(&mut talk, if at % 2 == 0 { "user" } else { "assistant" }, &format!("Message {at}")).await;
    }
    for hidden in [0, 60, 61, 129] {
        app.run("UPDATE messages SET hidden = 1 WHERE id = $1", &talk.messages[hidden]).await;
    }
    let shown: Vec<String> =
        talk.messages.iter().enumerate().filter(|(at, _)| ![0, 60, 61, 129].contains(at)).map(|(_, id)| id.clone()).collect();
    let path = format!("/v1/conversations/{}/messages", talk.id);
    assert_eq!(all(&program, &format!("{path}?order=asc&"), 17).await, shown);
    let reversed: Vec<String> = shown.iter().rev().cloned().collect();
    assert_eq!(all(&program, &format!("{path}?"), 17).await, reversed);
    assert_eq!(all(&program, &format!("{path}?order=desc&"), 100).await, reversed);

    // Another version of the third message.
    app.run("UPDATE messages SET parent_id = NULL WHERE id = $1", &talk.messages[100]).await;
    app.run("UPDATE conversations SET current_message_id = NULL WHERE id = $1", &talk.id).await;
    assert_eq!(ids_of(&program, &path).await, Vec::<String>::new());
    assert_eq!(program.get(&format!("{path}?after={}", talk.messages[3])).await.refusal().2.unwrap(), "after");
    let change = json!({"current_message_id": talk.messages[99]});
    assert_eq!(program.post(&format!("/v1/conversations/{}", talk.id), &change).await.json()["current_message_id"], *talk.messages[99]);
    assert_eq!(ids_of(&program, &format!("{path}?limit=1")).await, [talk.messages[99].clone()]);
    assert_eq!(ids_of(&program, &format!("{path}?order=asc&leaf={}", talk.messages[103])).await, talk.messages[100..=103]);
    let elsewhere = app.small_talk(&owner.user).await;
    for (query, param) in [
        (format!("leaf={}", elsewhere.messages[0]), "leaf"),
        ("leaf=".to_owned(), "leaf"),
        (format!("after={}", elsewhere.messages[0]), "after"),
        (format!("before={}", elsewhere.messages[0]), "before"),
        (format!("order=asc&after={}", talk.messages[110]), "after"),
        ("branch=all".to_owned(), "branch"),
    ] {
        let refused = program.get(&format!("{path}?{query}")).await;
        assert_eq!(refused.refusal(), (400, "invalid_request_error".to_owned(), Some(param.to_owned())), "{query}");
    }
    for message in [elsewhere.messages[0].as_str(), "msg_none", "", "\u{0}"] {
        let before = app.rows().await;
        let change = json!({"title": "Other", "current_message_id": message});
        let refused = program.post(&format!("/v1/conversations/{}", talk.id), &change).await.refusal();
        assert_eq!(refused, (400, "invalid_request_error".to_owned(), Some("current_message_id".to_owned())), "{message:?}");
        assert_eq!(app.rows().await, before);
    }
}

#[tokio::test]
async fn every_kind_of_content_is_told() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let program = app.program_of(&owner.user).await;
    let mut talk = app.talk(&owner.user, "Kinds", &[]).await;
    let text = |text: &str| text.to_owned();
    let parts = [
        Part::Reasoning { text: text("Hm.") },
        Part::Text { text: text("**Words**") },
        Part::Image { file: text("file_x"), alt: Some(text("a cat")), width: Some(640), height: None },
        Part::File { file: None, name: text("notes.pdf"), media_type: Some(text("application/pdf")), text: None },
        Part::ToolCall { name: text("look"), arguments: text("{}") },
        Part::ToolResult { name: None, text: text("42") },
        Part::Document { title: text("Plan"), language: None, text: text("First") },
        Part::Unknown { kind: text("widget"), raw: text("{}") },
    ];
    app.say_parts(&mut talk, "assistant", &parts).await;
    let told = program.get(&format!("/v1/conversations/{}/messages", talk.id)).await.json();
    assert_eq!(
        told["data"][0]["content"],
        json!([
            {"type": "reasoning", "text": "Hm."},
            {"type": "text", "text": "**Words**"},
            {"type": "image", "file_id": "file_x", "alt": "a cat", "width": 640},
            {"type": "file", "filename": "notes.pdf", "media_type": "application/pdf"},
            {"type": "tool_call", "name": "look", "arguments": "{}"},
            {"type": "tool_result", "text": "42"},
            {"type": "document", "title": "Plan", "text": "First"},
            {"type": "unknown", "kind_at_source": "widget", "raw": "{}"},
        ])
    );
    assert_eq!(told["data"][0]["model"], "test-model");
}

#[tokio::test]
async fn what_is_wrong_is_named_and_nothing_is_made_of_it() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let program = app.program_of(&owner.user).await;
    let talk = app.small_talk(&owner.user).await;
    let path = format!("/v1/conversations/{}", talk.id);
    let before = app.rows().await;
    for (path, body, param) in [
        ("/v1/conversations", json!({"title": ""}), "title"),
        ("/v1/conversations", json!({"title": 5}), "title"),
        ("/v1/conversations", json!({"title": "x".repeat(201)}), "title"),
        ("/v1/conversations", json!({"messages": []}), "messages"),
        ("/v1/conversations", json!({"messages": "x"}), "messages"),
        ("/v1/conversations", json!({"messages": [{"role": "queen"}]}), "messages[0].role"),
        ("/v1/conversations", json!({"metadata": {}}), "metadata"),
        (&path, json!({"title": ""}), "title"),
        (&path, json!({"title": []}), "title"),
        (&path, json!({"current_message_id": 5}), "current_message_id"),
        (&path, json!({"messages": []}), "messages"),
    ] {
        let refused = program.post(path, &body).await;
        assert_eq!(refused.refusal(), (400, "invalid_request_error".to_owned(), Some(param.to_owned())), "{body}: {}", refused.body);
    }
    for (method, path) in [
        (Method::GET, "/v1/conversations/%00"),
        (Method::DELETE, "/v1/conversations/x?all=true"),
        (Method::GET, "/v1/conversations?page=2"),
    ] {
        let refused = Reply::of(program.request(method, path)).await;
        assert!(matches!(refused.refusal().0, 400 | 404), "{path}: {}", refused.body);
    }
    let many: Vec<Value> = (0..5_001).map(|_| json!({"role": "user", "content": "x"})).collect();
    assert_eq!(program.post("/v1/conversations", &json!({"messages": many})).await.status, 413);
    let long = json!({"title": "x".repeat(2 << 20)});
    assert_eq!(program.post(&path, &long).await.status, 413);
    assert_eq!(app.rows().await, before);
}

#[tokio::test]
async fn a_request_that_is_sent_twice_makes_one_conversation() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let program = app.program_of(&owner.user).await;
    let send = async |mark: &str, body: &Value| {
        Reply::of(program.request(Method::POST, "/v1/conversations").header("idempotency-key", mark).json(body)).await
    };
    let body = json!({"title": "Once"});
    let replies = futures_util::future::join_all((0..8).map(|_| send("a", &body))).await;
    assert!(replies.iter().all(|reply| reply.json()["id"] == replies[0].json()["id"]));
    assert_eq!(send("a", &json!({"title": "Twice"})).await.status, 422);
    program.delete(&format!("/v1/conversations/{}", replies[0].json()["id"].as_str().unwrap())).await;
    assert_eq!(send("a", &body).await.status, 404, "a late repeat doesn't bring it back");
    assert_eq!(ids_of(&program, "/v1/conversations").await, Vec::<String>::new());
}
