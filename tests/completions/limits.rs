//! What one person may ask for, in the pages and by programs together.

use reqwest::Method;
use serde_json::json;
use takeback::providers::settings::Kind;

use super::{Chunks, PATH, Scene, question};
use crate::support::Script;

#[tokio::test]
async fn who_asks_too_often_is_told_when_to_go_on() {
    let scene = Scene::with(Kind::OpenAi, |config| config.messages_per_minute = 2).await;
    assert_eq!(scene.owner.say("/chats", "Hello", "", &[]).await.status, 303);
    assert_eq!(scene.ask(&question(&json!({})), Script::says("Two.")).await.status, 200);
    for streams in [false, true] {
        let refused = scene.program.post(PATH, &question(&json!({"stream": streams}))).await;
        assert_eq!(refused.refusal(), (429, "rate_limit_error".to_owned(), None));
        assert!((1..=31).contains(&refused.header("retry-after").parse::<u64>().unwrap()));
        assert!(!refused.header("x-ratelimit-remaining-requests").is_empty());
    }
    assert_eq!(scene.owner.say("/chats", "Hello", "", &[]).await.status, 429);
    // What can't be read costs nothing, and others are not kept waiting.
    let other = scene.app.other().await;
    let theirs = scene.app.program_of(&other.user).await;
    for _ in 0..5 {
        assert_eq!(theirs.post(PATH, &question(&json!({"n": 2}))).await.status, 400);
    }
    assert_eq!(theirs.post(PATH, &question(&json!({}))).await.status, 200);
}

#[tokio::test]
async fn one_person_has_so_many_answers_at_once() {
    let scene = Scene::with(Kind::OpenAi, |config| config.answers_at_once = 2).await;
    let ask = async || {
        scene.upstream.answer_when("How long", Script::says("Green.").hold_before(1));
        Chunks::of(scene.program.request(Method::POST, PATH).json(&question(&json!({"stream": true})))).await
    };
    let first = ask().await;
    let second = ask().await;
    let refused = scene.program.post(PATH, &question(&json!({}))).await;
    assert_eq!(refused.refusal(), (429, "rate_limit_error".to_owned(), None));
    assert_eq!((&refused.json()["error"]["code"], refused.header("retry-after")), (&json!("too_many_at_once"), "5"));
    assert_eq!(scene.owner.say("/chats", "Hello", "", &[]).await.status, 429, "the pages count them too");
    scene.upstream.release_all();
    for chunks in [first, second] {
        assert_eq!(chunks.rest().await.pop().unwrap(), "[DONE]");
    }
    assert_eq!(scene.ask(&question(&json!({})), Script::says("Two.")).await.status, 200);
}
