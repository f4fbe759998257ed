//! Each thing that happens to a link is told once, however it happened.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use super::{EVERYTHING, Scene, endpoint, idle, pass};
use crate::support::{Receiver, Reply};

/// Type and data of everything that was told.
fn told(receiver: &Receiver) -> Vec<(String, Value)> {
    receiver.all().iter().map(|heard| (heard.kind(), heard.json()["data"].clone())).collect()
}

#[tokio::test]
async fn created_updated_expired_and_deleted_each_arrive_once() {
    let scene = Scene::new().await;
    let now = scene.app.now() / 1_000_000;
    let messages = json!([{"role": "user", "content": "Hello"}]);
    let link = scene.program.post("/v1/shared_links", &json!({"messages": messages, "expires_at": now + 60})).await.json();
    let path = format!("/v1/shared_links/{}", link["id"].as_str().unwrap());
    scene.receiver.heard(1).await;
    assert_eq!(scene.program.post(&path, &json!({"title": "Another"})).await.status, 200);
    scene.receiver.heard(2).await;
    scene.app.advance(Duration::from_secs(61));
    // Whoever looks first, and however often.
    for _ in 0..3 {
        takeback::links::expire::write_down(&scene.app).await.unwrap();
    }
    scene.receiver.heard(3).await;
    assert_eq!(scene.program.delete(&path).await.status, 200);
    scene.receiver.heard(4).await;
    idle(&scene.app).await;
    let all = told(&scene.receiver);
    let kinds: Vec<&str> = all.iter().map(|(kind, _)| kind.as_str()).collect();
    assert_eq!(kinds, ["shared_link.created", "shared_link.updated", "shared_link.expired", "shared_link.deleted"]);
    assert!(all.iter().all(|(_, data)| data["id"] == link["id"]));
    assert_eq!((&all[0].1["status"], &all[0].1["expires_at"]), (&json!("active"), &json!(now + 60)));
    assert_eq!((&all[2].1["status"], &all[2].1["url"]), (&json!("expired"), &link["url"]));
    assert_eq!(scene.receiver.all()[2].json()["timestamp"], "2026-01-15T12:01:00Z", "when it ended, not when that was seen");
    let gone = json!({"id": link["id"], "object": "shared_link.deleted", "deleted": true, "target": link["target"]});
    assert_eq!(all[3].1, gone);
    assert_eq!(scene.states().await.len(), 4);
}

#[tokio::test]
async fn what_changes_nothing_or_is_refused_tells_nothing() {
    let scene = Scene::new().await;
    let link = scene.share().await;
    scene.receiver.heard(1).await;
    let path = format!("/v1/shared_links/{link}");
    assert_eq!(scene.program.post(&path, &json!({})).await.status, 200);
    assert_eq!(scene.program.post(&path, &json!({"title": ""})).await.status, 400);
    let other = scene.app.other().await;
    let stranger = scene.app.program_of(&other.user).await;
    assert_eq!(stranger.delete(&path).await.status, 404);
    // A repeat of a request that made a link.
    let body = json!({"messages": [{"role": "user", "content": "Hello"}]}).to_string();
    for _ in 0..3 {
        let request = scene.program.request(Method::POST, "/v1/shared_links").header("idempotency-key", "one");
        assert_eq!(Reply::of(request.header("content-type", "application/json").body(body.clone())).await.status, 200);
    }
    // What somebody else does is told to somebody else.
    let talk = scene.app.small_talk(&other.user).await;
    scene.app.share(&other.user, &talk).await;
    scene.receiver.heard(2).await;
    idle(&scene.app).await;
    assert_eq!(scene.states().await.len(), 2);
    assert_eq!(scene.receiver.all().len(), 2);
}

#[tokio::test]
async fn all_links_at_once_are_one_event_with_their_number() {
    let scene = Scene::new().await;
    for _ in 0..3 {
        scene.share().await;
    }
    scene.receiver.heard(3).await;
    assert_eq!(scene.program.delete("/v1/shared_links?all=true").await.json()["deleted"], 3);
    scene.receiver.heard(4).await;
    // The rows go later, and nobody is told of that.
    takeback::jobs::runner::run_due(&scene.app).await.unwrap();
    idle(&scene.app).await;
    let all = told(&scene.receiver);
    assert_eq!(all.len(), 4);
    assert_eq!(all[3], ("shared_link.deleted".to_owned(), json!({"object": "shared_link.list.deleted", "deleted": 3})));
}

#[tokio::test]
async fn a_conversation_that_is_deleted_tells_of_each_of_its_links() {
    let scene = Scene::new().await;
    let talk = scene.app.small_talk(&scene.owner.user).await;
    let mut links = vec![scene.app.share(&scene.owner.user, &talk).await.id, scene.app.share(&scene.owner.user, &talk).await.id];
    scene.share().await;
    scene.receiver.heard(3).await;
    assert_eq!(scene.owner.post_form(&format!("/c/{}/delete", talk.id), &[]).await.status, 303);
    scene.receiver.heard(5).await;
    idle(&scene.app).await;
    let all = told(&scene.receiver);
    let mut gone: Vec<String> = all[3..].iter().map(|(_, data)| data["id"].as_str().unwrap().to_owned()).collect();
    gone.sort_unstable();
    links.sort_unstable();
    assert_eq!(gone, links);
    assert!(all[3..].iter().all(|(kind, data)| kind == "shared_link.deleted" && data["target"]["id"] == talk.id.as_str()));
}

#[tokio::test]
async fn the_pages_and_the_command_line_tell_as_programs_do() {
    let scene = Scene::new().await;
    let talk = scene.app.small_talk(&scene.owner.user).await;
    let made = scene.owner.post_form(&format!("/c/{}/share", talk.id), &[("title", "Mine"), ("author", "anonymous")]).await;
    let path = crate::support::made_path(&made).unwrap();
    let id = format!("link_{}", path.rsplit('/').next().unwrap());
    scene.receiver.heard(1).await;
    let edited = scene.owner.post_form(&format!("/links/{id}/edit"), &[("title", "Other"), ("author", "name")]).await;
    assert_eq!(edited.status, 303);
    scene.receiver.heard(2).await;
    assert_eq!(scene.owner.post_form(&format!("/links/{id}/update"), &[]).await.status, 303);
    scene.receiver.heard(3).await;
    // What the command line leaves is found when the server looks.
    takeback::links::revoke::delete(&scene.app, &scene.owner.user.id, &id, takeback::audit::Via::Cli).await.unwrap();
    scene.receiver.heard(4).await;
    idle(&scene.app).await;
    let kinds: Vec<String> = told(&scene.receiver).into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, ["shared_link.created", "shared_link.updated", "shared_link.updated", "shared_link.deleted"]);
}

#[tokio::test]
async fn an_endpoint_is_told_what_it_asked_for_and_several_are_told_each() {
    let scene = Scene::new().await;
    let (picky, second) = (Receiver::start().await, Receiver::start().await);
    let body = json!({"name": "Picky", "url": picky.url(), "event_types": ["shared_link.deleted", "shared_link.deleted"]});
    let made = scene.program.post("/v1/webhook_endpoints", &body).await.json();
    assert_eq!(made["event_types"], json!(["shared_link.deleted"]));
    endpoint(&scene.program, &second.url()).await;
    let link = scene.share().await;
    second.heard(1).await;
    assert_eq!(scene.program.delete(&format!("/v1/shared_links/{link}")).await.status, 200);
    for (receiver, count) in [(&scene.receiver, 2), (&second, 2), (&picky, 1)] {
        receiver.heard(count).await;
    }
    idle(&scene.app).await;
    assert_eq!((scene.receiver.all().len(), second.all().len(), picky.all().len()), (2, 2, 1));
    assert_eq!(picky.all()[0].kind(), "shared_link.deleted");
    let ids: std::collections::HashSet<String> =
        [&scene.receiver, &second, &picky].iter().flat_map(|r| r.all()).map(|heard| heard.header("webhook-id").to_owned()).collect();
    assert_eq!(ids.len(), 5, "each has a number of its own");
    // Chosen anew.
    let path = format!("/v1/webhook_endpoints/{}", made["id"].as_str().unwrap());
    assert_eq!(scene.program.post(&path, &json!({"event_types": EVERYTHING})).await.status, 200);
    scene.share().await;
    picky.heard(2).await;
    pass(&scene.app, Duration::from_secs(1));
}
