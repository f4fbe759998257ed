//! What one person, or one provider, may take of the server.

use std::time::{Duration, Instant};

use takeback::answers::run::MAX_BYTES;

use super::{Scene, eventually};
use crate::support::{Drawn, Script, Step};

#[tokio::test]
async fn who_asks_too_often_is_told_when_to_go_on() {
    let scene = Scene::with(|config| config.messages_per_minute = 2).await;
    for _ in 0..2 {
        let id = scene.begin(Script::says("Green.")).await;
        scene.app.answered(&id).await;
    }
    let reply = scene.owner.say("/chats", "And?", "", &[]).await;
    assert_eq!(reply.status, 429);
    assert!(reply.body.contains("Try again in 30 seconds."), "{}", reply.body);
    assert_eq!(reply.header("retry-after"), "30");
    // Others are not kept waiting, and nothing was stored of it.
    assert_eq!(scene.app.other().await.say("/chats", "Mine", "", &[]).await.status, 303);
    let asked: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM conversations").fetch_one(scene.app.db.reader()).await.unwrap();
    assert_eq!(asked, 3);
}

#[tokio::test]
async fn one_person_has_so_many_answers_at_once() {
    let scene = Scene::with(|config| config.answers_at_once = 2).await;
    let first = scene.begin(Script::says("Green.").hold_before(1)).await;
    let second = scene.begin(Script::says("Black.").hold_before(1)).await;
    scene.upstream.held(2).await;
    let reply = scene.owner.say("/chats", "And?", "", &[]).await;
    assert_eq!(reply.status, 429);
    assert!(reply.body.contains("2 answers are being written for you. Send this when one of them is done"), "{}", reply.body);
    assert_eq!(scene.app.other().await.say("/chats", "Mine", "", &[]).await.status, 303);
    scene.owner.post_form(&format!("/c/{second}/stop"), &[]).await;
    // Its place is free when its windows were told, which is a moment later.
    eventually("its place is free", async || scene.app.running.all().iter().filter_map(|one| one.answer()).count() == 1).await;
    let third = scene.begin(Script::says("White.")).await;
    scene.upstream.release_all();
    for id in [first, third] {
        assert_eq!(scene.app.answered(&id).await.state, "done");
    }
}

#[tokio::test]
async fn an_answer_without_end_is_cut_where_it_would_take_too_much() {
    let scene = Scene::new().await;
    let id = scene.begin(Script::bytes(10 << 20)).await;
    let answer = scene.app.answered(&id).await;
    assert_eq!(answer.state, "cut");
    assert!(answer.problem.contains("longest length"), "{}", answer.problem);
    assert!((MAX_BYTES - 1_000..MAX_BYTES + 1_000).contains(&answer.parts.len()), "{}", answer.parts.len());
    // Reasoning and text by turns, a byte at a time, are many parts.
    let flood: Vec<Step> = (0..40_000).flat_map(|_| [Step::Reasoning("r".to_owned()), Step::Text("t".to_owned())]).collect();
    let id = scene.begin(Script::of(flood)).await;
    let answer = scene.app.answered(&id).await;
    assert_eq!(answer.state, "cut");
    assert!(answer.parts.len() < MAX_BYTES, "{}", answer.parts.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_that_stalls_and_one_that_floods_slow_nobody_else() {
    // Whatever else the machine does may slow one half of a comparison; what the providers do slows each of them.
    for _ in 0..5 {
        let (alone, beside) = first_words().await;
        println!("to the first word: {alone:?} alone, {beside:?} beside them");
        if beside < alone * 4 + Duration::from_millis(250) {
            return;
        }
    }
    panic!("the first word waits for them");
}

/// Medians of the time to the first word, alone and beside providers that stall and flood.
async fn first_words() -> (Duration, Duration) {
    let scene = Scene::with(|config| config.answers_at_once = 20).await;
    let first_word = async |n: usize| {
        let person = scene.app.person(&format!("Person {n}"), &format!("person{n}@example.org"), "member").await;
        scene.upstream.answer_when(&format!("Question {n}."), Script::says("Green."));
        let began = Instant::now();
        let id = person.begin_chat(&format!("Question {n}.")).await;
        let mut drawn = Drawn::from_page(&person.get(&format!("/c/{id}")).await.body);
        if !drawn.have.is_empty() {
            let mut line = person.listen(&format!("/c/{id}/events?have={}&last={}", drawn.have, drawn.message), "").await;
            drawn.until(&mut line, |drawn| drawn.text().contains("Green") || drawn.ended.is_some()).await;
        }
        began.elapsed()
    };
    let mut quiet = Vec::new();
    for n in 0..10 {
        quiet.push(first_word(n).await);
    }
    for _ in 0..4 {
        scene.begin(Script::says("Never.").hold_head()).await;
        scene.begin(Script::says("Never more.").then_instead(1, vec![Step::Stall])).await;
    }
    let flood = scene.begin(Script::of(vec![Step::Text("Word. ".repeat(100)); 1_000_000])).await;
    scene.reads(&flood, "Word.").await;
    let mut busy = Vec::new();
    for n in 10..20 {
        busy.push(first_word(n).await);
    }
    quiet.sort_unstable();
    busy.sort_unstable();
    (quiet[5], busy[5])
}
