//! What is told, how it is signed, and what becomes of what isn't taken.

use std::time::Duration;

use serde_json::json;
use takeback::jobs::queue::{self, Lane};
use takeback::links::link::TargetType;

use super::{Scene, due_in, endpoint, idle, pass};
use crate::support::{Receiver, START, Stopwatch};

/// What Standard Webhooks says about waits, in seconds: after each of the first seven attempts.
const WAITS: [i64; 7] = [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000];

#[tokio::test]
async fn a_link_that_is_made_is_told_signed_and_without_a_word_of_it() {
    let scene = Scene::new().await;
    let talk = scene.app.talk(&scene.owner.user, "zanzibarquokka", &[("user", "marmaladevortex"), ("assistant", "tangerineobelisk")]).await;
    let body = json!({"target": {"type": "conversation", "id": talk.id}, "title": "VIOLETGLACIER", "author": "name"});
    let link = scene.program.post("/v1/shared_links", &body).await.json();
    let heard = &scene.receiver.heard(1).await[0];
    assert!(heard.is_signed_with(&scene.secret), "{heard:?}");
    assert_eq!(heard.header("content-type"), "application/json");
    assert_eq!(heard.header("webhook-timestamp"), (START / 1_000_000).to_string());
    assert!(heard.header("webhook-id").starts_with("whd_"));
    let seconds = START / 1_000_000;
    let expected = json!({
        "type": "shared_link.created",
        "timestamp": "2026-01-15T12:00:00Z",
        "data": {
            "id": link["id"], "object": "shared_link", "created_at": seconds, "updated_at": seconds, "url": link["url"],
            "target": {"type": "conversation", "id": talk.id}, "author": {"display": "name"}, "revision": 1, "message_count": 2,
            "expires_at": null, "status": "active",
        },
    });
    assert_eq!(heard.json(), expected);
    let whole = format!("{heard:?}").to_lowercase();
    for word in
        ["zanzibarquokka", "marmaladevortex", "tangerineobelisk", "violetglacier", "quillfeather", &scene.owner.user.id.to_lowercase()]
    {
        assert!(!whole.contains(word), "{word}: {whole}");
    }
    idle(&scene.app).await;
    assert_eq!(scene.states().await, [("delivered".to_owned(), 1)]);
    assert!(due_in(&scene.app).await.is_empty(), "the job is done");
    assert_eq!(scene.receiver.all().len(), 1);
}

#[tokio::test]
async fn another_secret_body_id_or_time_signs_otherwise() {
    let scene = Scene::new().await;
    scene.share().await;
    let heard = scene.receiver.heard(1).await.remove(0);
    let (_, other) = endpoint(&scene.program, &scene.receiver.url()).await;
    assert!(!heard.is_signed_with(&other));
    let mut bent = heard.clone();
    bent.body = bent.body.replace("active", "expired");
    assert!(!bent.is_signed_with(&scene.secret));
    for name in ["webhook-id", "webhook-timestamp"] {
        let mut bent = heard.clone();
        bent.headers.insert(name, "1768478401".parse().unwrap());
        assert!(!bent.is_signed_with(&scene.secret), "{name}");
    }
}

#[tokio::test]
async fn what_is_not_taken_is_told_again_less_and_less_often_with_the_same_id_and_bytes() {
    let scene = Scene::new().await;
    scene.receiver.answer_next(&[500, 503, 404, 429, 302, 400, 500, 500]);
    scene.share().await;
    for (attempt, wait) in (1_i64..).zip(WAITS) {
        scene.receiver.heard(usize::try_from(attempt).unwrap()).await;
        idle(&scene.app).await;
        assert_eq!(scene.states().await, [("waiting".to_owned(), attempt)]);
        let due = due_in(&scene.app).await[0];
        assert!((wait * 900_000..=wait * 1_101_000).contains(&due), "after attempt {attempt}: {due} µs");
        // A moment earlier it is nobody's to claim.
        scene.app.advance(Duration::from_micros(u64::try_from(due - 1).unwrap()));
        assert!(queue::claim(&scene.app.db, Lane::Deliveries, scene.app.now()).await.unwrap().is_none());
        pass(&scene.app, Duration::from_micros(1));
    }
    let all = scene.receiver.heard(8).await;
    idle(&scene.app).await;
    assert_eq!(scene.states().await, [("failed".to_owned(), 8)], "about a day later it is given up");
    assert!(due_in(&scene.app).await.is_empty());
    for heard in &all {
        assert_eq!((heard.header("webhook-id"), &heard.body), (all[0].header("webhook-id"), &all[0].body));
        assert!(heard.is_signed_with(&scene.secret));
    }
    let mut times: Vec<&str> = all.iter().map(|heard| heard.header("webhook-timestamp")).collect();
    times.dedup();
    assert_eq!(times.len(), 8, "each attempt says when it is made");

    // By hand it begins from the start, and is taken.
    let list = format!("/v1/webhook_endpoints/{}/deliveries", scene.id);
    let failed = scene.program.get(&list).await.json()["data"][0].clone();
    assert_eq!((&failed["status"], &failed["attempts"], &failed["status_code"]), (&json!("failed"), &json!(8), &json!(500)));
    let again = scene.program.post(&format!("{list}/{}/retry", failed["id"].as_str().unwrap()), &json!({})).await;
    assert_eq!(again.json()["status"], "waiting", "{}", again.body);
    let again = scene.receiver.heard(9).await.remove(8);
    assert_eq!((again.header("webhook-id"), &again.body), (all[0].header("webhook-id"), &all[0].body));
    idle(&scene.app).await;
    assert_eq!(scene.states().await, [("delivered".to_owned(), 1)]);
}

#[tokio::test]
async fn what_could_not_be_told_waits_behind_nothing_else() {
    let scene = Scene::new().await;
    scene.receiver.answer_next(&[500]);
    scene.share().await;
    scene.receiver.heard(1).await;
    idle(&scene.app).await;
    scene.share().await;
    // The endpoint is left alone for a moment, then it is told both.
    pass(&scene.app, Duration::from_secs(6));
    let all = scene.receiver.heard(3).await;
    idle(&scene.app).await;
    assert_eq!(all.iter().filter(|heard| heard.header("webhook-id") == all[0].header("webhook-id")).count(), 2);
    assert!(scene.states().await.iter().all(|(state, _)| state == "delivered"));
}

#[tokio::test]
async fn a_receiver_that_takes_its_time_keeps_nobody_else_waiting() {
    let scene = Scene::new().await;
    scene.receiver.hold();
    let quick = Receiver::start().await;
    let other = scene.app.other().await;
    endpoint(&scene.app.program_of(&other.user).await, &quick.url()).await;
    endpoint(&scene.program, &quick.url()).await;
    scene.share().await;
    scene.receiver.heard(1).await;
    // The same person's other endpoint, another person's, and the server's own work.
    quick.heard(1).await;
    let talk = scene.app.small_talk(&other.user).await;
    for count in 2..12 {
        scene.app.share(&other.user, &talk).await;
        quick.heard(count).await;
    }
    let link = scene.share().await;
    // The receiver would be given up after fifteen seconds.
    let began = Stopwatch::start();
    assert_eq!(scene.program.delete(&format!("/v1/shared_links/{link}")).await.status, 200);
    let page = takeback::links::link::path(TargetType::Conversation, &link);
    assert_eq!(scene.app.anonymous().get(&page).await.status, 404);
    assert_eq!(scene.program.delete("/v1/shared_links?all=true").await.status, 200);
    began.assert_within(Duration::from_secs(10));
    let left = async || -> i64 {
        let query = "SELECT COUNT(*) FROM jobs WHERE kind <> 'deliver'";
        sqlx::query_scalar(query).fetch_one(scene.app.db.reader()).await.unwrap()
    };
    while left().await > 0 {
        takeback::jobs::runner::run_due(&scene.app).await.unwrap();
        scene.app.advance(Duration::from_millis(20));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(scene.receiver.all().len(), 1, "it is told one thing after the other, and the first it still holds");
    scene.receiver.release();
    let kinds: Vec<String> = scene.receiver.heard(4).await.iter().map(super::super::support::Heard::kind).collect();
    assert_eq!(kinds[0], "shared_link.created");
    assert_eq!(kinds.iter().filter(|kind| *kind == "shared_link.deleted").count(), 2);
}

#[tokio::test]
async fn a_delete_answers_before_anybody_is_told_of_it() {
    let scene = Scene::new().await;
    let link = scene.share().await;
    scene.receiver.heard(1).await;
    idle(&scene.app).await;
    scene.app.advance(Duration::from_secs(1));
    scene.receiver.hold();
    assert_eq!(scene.program.delete(&format!("/v1/shared_links/{link}")).await.status, 200);
    assert_eq!(scene.app.anonymous().get(&takeback::links::link::path(TargetType::Conversation, &link)).await.status, 404);
    assert_eq!(scene.receiver.heard(2).await[1].kind(), "shared_link.deleted");
    assert_eq!(scene.states().await[1], ("waiting".to_owned(), 0), "nothing has come of it yet");
    scene.receiver.release();
    idle(&scene.app).await;
    assert_eq!(scene.states().await[1], ("delivered".to_owned(), 1));
}

#[tokio::test]
async fn of_two_servers_one_tells_and_each_thing_is_told_once() {
    let scene = Scene::new().await;
    let second = scene.app.second().await;
    for _ in 0..10 {
        scene.share().await;
        second.jobs.wake_deliveries();
    }
    scene.receiver.heard(10).await;
    idle(&scene.app).await;
    let mut ids: Vec<String> = scene.receiver.all().iter().map(|heard| heard.header("webhook-id").to_owned()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((ids.len(), scene.receiver.all().len()), (10, 10));
}

#[tokio::test]
async fn what_a_stop_cut_off_is_told_after_the_start() {
    let scene = Scene::new().await;
    scene.receiver.hold();
    scene.share().await;
    scene.receiver.heard(1).await;
    let Scene { app, receiver, secret, .. } = scene;
    let app = app.restart().await;
    receiver.release();
    pass(&app, Duration::from_secs(600));
    let all = receiver.heard(2).await;
    idle(&app).await;
    assert_eq!(all[0].header("webhook-id"), all[1].header("webhook-id"));
    assert!(all[1].is_signed_with(&secret));
}

#[tokio::test]
async fn after_a_new_secret_both_are_signed_with_for_a_day_if_that_was_asked_for() {
    let scene = Scene::new().await;
    let path = format!("/v1/webhook_endpoints/{}/rotate_secret", scene.id);
    let new = scene.program.post(&path, &json!({"keep_old_secret_active_for_24_hours": true})).await.json();
    let new = new["signing_secret"].as_str().unwrap().to_owned();
    assert_ne!(new, scene.secret);
    scene.share().await;
    let both = scene.receiver.heard(1).await.remove(0);
    assert!(both.is_signed_with(&scene.secret) && both.is_signed_with(&new));
    // A lease that ends in the middle of telling would have it told twice.
    idle(&scene.app).await;
    pass(&scene.app, Duration::from_secs(86_401));
    scene.share().await;
    let one = scene.receiver.heard(2).await.remove(1);
    assert!(!one.is_signed_with(&scene.secret) && one.is_signed_with(&new));
    idle(&scene.app).await;
    let third = scene.program.post(&path, &json!({})).await.json();
    scene.share().await;
    let one = scene.receiver.heard(3).await.remove(2);
    assert!(!one.is_signed_with(&new) && one.is_signed_with(third["signing_secret"].as_str().unwrap()), "the old one may be known");
}

#[tokio::test]
async fn a_link_to_an_assistant_is_told_too_with_the_address_where_it_is() {
    let scene = Scene::new().await;
    let assistant = scene.app.assistant(&scene.owner).await;
    let body = json!({"target": {"type": "assistant", "id": assistant}});
    let link = scene.program.post("/v1/shared_links", &body).await.json();
    let heard = scene.receiver.heard(1).await[0].json();
    assert_eq!((&heard["type"], &heard["data"]["id"]), (&json!("shared_link.created"), &link["id"]));
    assert_eq!((&heard["data"]["target"], &heard["data"]["url"]), (&link["target"], &link["url"]));
    assert!(link["url"].as_str().unwrap().contains("/g/"), "{link}");
}
