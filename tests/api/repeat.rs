//! A request that is sent twice makes one link.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Caller, Reply, TestApp};

async fn send(program: &Caller, header: (&str, &str), body: &Value) -> Reply {
    let request = program.request(Method::POST, "/v1/shared_links");
    let request = if header.0.is_empty() { request } else { request.header(header.0, header.1) };
    Reply::of(request.json(body)).await
}

fn words(text: &str) -> Value {
    json!({"messages": [{"role": "user", "content": text}]})
}

async fn counts(app: &TestApp) -> (i64, i64) {
    let count = async |query| sqlx::query_scalar::<_, i64>(query).fetch_one(app.db.reader()).await.unwrap();
    (count("SELECT COUNT(*) FROM links").await, count("SELECT COUNT(*) FROM conversations").await)
}

#[tokio::test]
async fn the_same_idempotency_key_makes_one_link_and_one_conversation() {
    let app = TestApp::start().await;
    let (owner, other) = (app.owner().await, app.other().await);
    let program = app.program_of(&owner.user).await;
    let first = send(&program, ("idempotency-key", "a"), &words("Hello")).await;
    let again = send(&program, ("idempotency-key", "a"), &words("Hello")).await;
    assert_eq!((first.status, &first.body), (200, &again.body));
    assert_eq!(counts(&app).await, (1, 1));

    let reused = send(&program, ("idempotency-key", "a"), &words("Something else")).await;
    assert_eq!(reused.refusal(), (422, "unprocessable".to_owned(), Some("Idempotency-Key".to_owned())));
    for bad in ["", &"x".repeat(256)] {
        let reply = send(&program, ("idempotency-key", bad), &words("Hello")).await;
        assert_eq!(reply.refusal(), (400, "invalid_request_error".to_owned(), Some("Idempotency-Key".to_owned())));
    }
    // Another key, another person, another day.
    assert_ne!(send(&program, ("idempotency-key", "b"), &words("Hello")).await.json()["id"], first.json()["id"]);
    assert_eq!(send(&app.program_of(&other.user).await, ("idempotency-key", "a"), &words("Hello")).await.status, 200);
    assert_eq!(counts(&app).await, (3, 3));
    app.advance(Duration::from_secs(86_400));
    assert_ne!(send(&program, ("idempotency-key", "a"), &words("Something else")).await.json()["id"], first.json()["id"]);
    assert_eq!(counts(&app).await, (4, 4));
}

#[tokio::test]
async fn of_many_at_once_one_makes_the_link() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.small_talk(&owner.user).await;
    let program = app.program_of(&owner.user).await;
    let body = json!({"target": {"type": "conversation", "id": talk.id}});
    let replies = futures_util::future::join_all((0..12).map(|_| send(&program, ("idempotency-key", "a"), &body))).await;
    assert!(replies.iter().all(|reply| reply.status == 200 && reply.json()["id"] == replies[0].json()["id"]));
    assert_eq!(counts(&app).await.0, 1);
}

#[tokio::test]
async fn the_attempts_that_a_client_counts_make_one_link() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let program = app.program_of(&owner.user).await;
    let count = "x-stainless-retry-count";
    let first = send(&program, (count, "0"), &words("Hello")).await.json();
    assert_eq!(send(&program, (count, "1"), &words("Hello")).await.json()["id"], first["id"]);
    assert_eq!(send(&program, (count, "2"), &words("Hello")).await.json()["id"], first["id"]);
    // The first attempt of another call with the same words.
    let second = send(&program, (count, "0"), &words("Hello")).await.json();
    assert_ne!(second["id"], first["id"]);
    assert_eq!(send(&program, (count, "1"), &words("Hello")).await.json()["id"], second["id"]);
    // One whose first attempt never came.
    assert_eq!(send(&program, (count, "1"), &words("Good day")).await.status, 200);
    assert_eq!(counts(&app).await, (3, 3));
    app.advance(Duration::from_secs(1_800));
    assert_ne!(send(&program, (count, "1"), &words("Hello")).await.json()["id"], second["id"]);
    // Without either, two requests are two links.
    for _ in 0..2 {
        assert_eq!(send(&program, ("", ""), &words("Hello")).await.status, 200);
    }
    assert_eq!(counts(&app).await, (6, 6));
}

#[tokio::test]
async fn a_late_repeat_does_not_bring_back_what_was_taken_back() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let program = app.program_of(&owner.user).await;
    let made = send(&program, ("idempotency-key", "a"), &words("zanzibarquokka")).await.json();
    assert_eq!(program.delete(&format!("/v1/shared_links/{}", made["id"].as_str().unwrap())).await.status, 200);
    let again = send(&program, ("idempotency-key", "a"), &words("zanzibarquokka")).await;
    assert_eq!(again.refusal(), (404, "not_found_error".to_owned(), None));
    assert_eq!(counts(&app).await, (0, 1));
    let remembered: Vec<String> = app.rows().await.into_iter().filter(|row| row.starts_with("api_repeats")).collect();
    assert!(remembered.len() == 1 && !remembered[0].contains("zanzibarquokka"), "{remembered:?}");
    app.advance(Duration::from_secs(86_400));
    takeback::jobs::sweep::run(&app).await.unwrap();
    assert!(!app.rows().await.iter().any(|row| row.starts_with("api_repeats")));
}

#[tokio::test]
async fn what_was_refused_is_not_remembered() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let program = app.program_of(&owner.user).await;
    let system = json!({"messages": [{"role": "system", "content": "Be brief."}]});
    assert_eq!(send(&program, ("idempotency-key", "a"), &system).await.status, 400);
    assert_eq!(send(&program, ("idempotency-key", "a"), &words("Hello")).await.status, 200);
    assert_eq!(counts(&app).await, (1, 1));
}
