//! Guests can't spend more than the owner allows: what is taken is taken in the database before a model is called.

use std::time::Duration;

use futures_util::future::join_all;
use takeback::guests::caps::Caps;

use super::Scene;
use crate::support::{Reply, Script};

/// Tokens of this month, spent and set aside.
async fn month(scene: &Scene) -> i64 {
    let query = "SELECT COALESCE(CAST(SUM(tokens) AS BIGINT), 0) FROM link_months WHERE link_id = $1";
    sqlx::query_scalar(query).bind(&scene.link.id).fetch_one(scene.app.db.reader()).await.unwrap()
}

/// So many requests of guests at the same moment, each from a browser and an address of its own; answers their statuses.
async fn at_once(scene: &Scene, count: u32) -> Vec<u16> {
    let path = scene.at("/messages");
    let all = (0..count).map(|number| {
        let (guest, path) = (scene.app.anonymous(), path.clone());
        async move {
            let [_, b, c, d] = (number + 1).to_be_bytes();
            let form = reqwest::multipart::Form::new().text("text", "How long?");
            let request = guest.request(reqwest::Method::POST, &path).header("x-forwarded-for", format!("10.{b}.{c}.{d}"));
            Reply::of(request.multipart(form)).await.status
        }
    });
    join_all(all).await
}

fn count(statuses: &[u16], status: u16) -> usize {
    statuses.iter().filter(|known| **known == status).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_parallel_messages_take_no_more_than_there_are() {
    let scene = Scene::new().await;
    scene.upstream.answer_always(Script::says("Two minutes."));
    scene.app.cap(&scene.link, Caps { messages_a_day: 25, ..Caps::default() }).await;
    let mut statuses = Vec::new();
    for _ in 0..5 {
        statuses.extend(at_once(&scene, 200).await);
    }
    assert_eq!((count(&statuses, 303), count(&statuses, 429)), (25, 975), "{statuses:?}");
    for chat in scene.app.chats_of(&scene.link).await {
        scene.app.answered(&chat).await;
    }
    assert_eq!(scene.upstream.requests().len(), 25, "the model was asked once for each message that was taken");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parallel_answers_never_cost_more_tokens_than_the_month_has() {
    let scene = Scene::new().await;
    // Each says that it cost all that it could.
    scene.upstream.answer_always(Script::says("Two minutes."));
    let caps = Caps { tokens_a_month: 1_000, output_tokens: 200, messages_a_day: 1_000, ..Caps::default() };
    scene.app.cap(&scene.link, caps).await;
    let statuses = at_once(&scene, 100).await;
    let held = statuses.iter().filter(|status| **status == 303).count();
    assert!(held > 0);
    for chat in scene.app.chats_of(&scene.link).await {
        scene.app.answered(&chat).await;
    }
    let asked = i64::try_from(scene.upstream.requests().len()).unwrap();
    assert!(asked > 0);
    assert_eq!(month(&scene).await, asked * 18, "what an answer did not cost was put back");
    assert!(month(&scene).await <= 1_000);
    let holds: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM link_holds").fetch_one(scene.app.db.reader()).await.unwrap();
    assert_eq!(holds, 0);
}

#[tokio::test]
async fn what_an_answer_can_cost_is_set_aside_before_the_model_is_asked() {
    let scene = Scene::new().await;
    scene.app.cap(&scene.link, Caps { tokens_a_month: 700, output_tokens: 500, ..Caps::default() }).await;
    let guest = scene.app.anonymous();
    let chat = scene.asking(&guest).await;
    assert!(month(&scene).await > 500, "{}", month(&scene).await);
    assert_eq!(
        scene.upstream.requests()[0].json["max_completion_tokens"].as_i64().or(scene.upstream.requests()[0].json["max_tokens"].as_i64()),
        Some(500)
    );
    // While it is being written there is nothing left for another.
    let reply = scene.app.anonymous().say(&scene.at("/messages"), "And I?", "", &[]).await;
    assert_eq!(reply.status, 429);
    assert!(reply.body.contains("as much as it may this month"));
    assert_eq!(scene.upstream.requests().len(), 1);
    scene.upstream.release_all();
    scene.app.answered(&chat).await;
    assert_eq!(month(&scene).await, 18, "the provider says 11 read and 7 written");
    scene.app.visit(&scene.app.anonymous(), &scene.link, "And I?").await;
}

#[tokio::test]
async fn a_stopped_answer_costs_what_was_read_and_said() {
    let scene = Scene::new().await;
    let guest = scene.app.anonymous();
    let chat = scene.asking(&guest).await;
    let before = month(&scene).await;
    guest.post_form(&scene.at("/stop"), &[]).await;
    scene.app.answered(&chat).await;
    let after = month(&scene).await;
    assert!(after > 0 && after < before - 900, "{before} set aside, {after} spent");
}

#[tokio::test]
async fn a_guest_has_as_much_as_one_may_and_so_has_a_network() {
    let scene = Scene::new().await;
    scene.upstream.answer_always(Script::says("Two minutes."));
    scene.app.cap(&scene.link, Caps { guest_messages_a_day: 2, address_messages_a_day: 3, ..Caps::default() }).await;
    let first = scene.app.anonymous();
    for _ in 0..2 {
        scene.app.visit(&first, &scene.link, "How long?").await;
    }
    let reply = first.say(&scene.at("/messages"), "Once more?", "", &[]).await;
    assert_eq!(reply.status, 429);
    assert!(reply.body.contains("as many messages as one visitor may in a day"), "{}", reply.body);
    // What was refused is nowhere.
    assert!(!first.get(&scene.at("")).await.body.contains("Once more?"));
    // A browser without the cookie is another guest, at the same address.
    scene.app.visit(&scene.app.anonymous(), &scene.link, "How long?").await;
    let reply = scene.app.anonymous().say(&scene.at("/messages"), "How long?", "", &[]).await;
    assert_eq!(reply.status, 429);
    assert!(reply.body.contains("from your network"));
    // Tomorrow is another day.
    scene.app.advance(Duration::from_secs(86_400));
    scene.app.visit(&first, &scene.link, "And today?").await;
}

#[tokio::test]
async fn the_longest_message_and_the_longest_answer_are_the_owner_s() {
    let scene = Scene::new().await;
    scene.app.cap(&scene.link, Caps { input_chars: 10, output_tokens: 20, ..Caps::default() }).await;
    let guest = scene.app.anonymous();
    let reply = guest.say(&scene.at("/messages"), "Eleven char", "", &[]).await;
    assert_eq!(reply.status, 400);
    assert!(reply.body.contains("A message can have 10 characters here."), "{}", reply.body);
    let reply = guest.say(&scene.at("/messages"), "Read", "", &[("a.txt", b"this")]).await;
    assert_eq!(reply.status, 400);
    // A provider that goes on beyond what it was told is cut.
    let chat = scene.ask(&guest, "Ten chars.", Script::bytes(10_000)).await;
    let answer = scene.app.answered(&chat).await;
    assert_eq!(answer.state, "cut");
    assert!(answer.parts.len() < 1_500, "{}", answer.parts.len());
}

#[tokio::test]
async fn the_owner_sets_the_caps_and_sees_what_was_used_and_nobody_else_does() {
    let scene = Scene::new().await;
    scene.ask(&scene.app.anonymous(), "Is saffronwhistle a tea?", Script::says("It is not.")).await;
    let caps = |messages: &'static str| {
        [
            ("messages_a_day", messages),
            ("guest_messages_a_day", "5"),
            ("address_messages_a_day", "6"),
            ("input_chars", "700"),
            ("output_tokens", "80"),
            ("tokens_a_month", "9000"),
        ]
    };
    let path = format!("/links/{}/caps", scene.link.id);
    assert_eq!(scene.app.other().await.post_form(&path, &caps("1")).await.status, 404);
    assert_eq!(scene.owner.post_form(&path, &caps("0")).await.status, 400);
    assert_eq!(scene.owner.post_form(&path, &caps("44")).await.status, 303);
    let page = scene.owner.get(&format!("/assistants/{}/edit", scene.assistant)).await.body;
    for words in ["1 of 44", "18 of 9,000", "value=\"700\""] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("saffronwhistle"), "counts, never contents");
    // A link to a conversation has no caps.
    let talk = scene.app.small_talk(&scene.owner.user).await;
    let link = scene.app.share(&scene.owner.user, &talk).await;
    assert_eq!(scene.owner.post_form(&format!("/links/{}/caps", link.id), &caps("44")).await.status, 404);
}
