//! `/v1/webhook_endpoints`: what programs do with endpoints.

use serde_json::{Value, json};

use super::{EVERYTHING, Scene, endpoint, idle, start};
use crate::support::{Receiver, TestApp};

const PATH: &str = "/v1/webhook_endpoints";

fn invalid(param: &str) -> (u16, String, Option<String>) {
    (400, "invalid_request_error".to_owned(), Some(param.to_owned()))
}

fn not_found() -> (u16, String, Option<String>) {
    (404, "not_found_error".to_owned(), None)
}

#[tokio::test]
async fn an_endpoint_is_made_listed_changed_and_deleted() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let program = app.program_of(&owner.user).await;
    let body = json!({"name": " Dashboard ", "url": "https://example.org/hooks?team=a", "event_types": ["shared_link.expired", "shared_link.created"]});
    let made = program.post(PATH, &body).await.json();
    let id = made["id"].as_str().unwrap().to_owned();
    let secret = made["signing_secret"].as_str().unwrap();
    assert!(id.starts_with("whe_") && secret.starts_with("whsec_") && secret.len() == 50, "{made}");
    let now = app.now() / 1_000_000;
    let mut expected = json!({
        "id": id, "object": "webhook_endpoint", "created_at": now, "updated_at": now, "name": "Dashboard",
        "url": "https://example.org/hooks?team=a", "event_types": ["shared_link.created", "shared_link.expired"],
        "signing_secret": secret, "signing_secret_hint": made["signing_secret_hint"], "enabled": true, "status": "active",
    });
    assert_eq!(made, expected);
    expected.as_object_mut().unwrap().remove("signing_secret");
    let one = format!("{PATH}/{id}");
    assert_eq!(program.get(&one).await.json(), expected);
    let list = program.get(PATH).await.json();
    assert_eq!(list, json!({"object": "list", "data": [expected], "first_id": id, "last_id": id, "has_more": false}));
    let changed =
        program.post(&one, &json!({"name": "Other", "url": "https://example.org/", "event_types": EVERYTHING, "enabled": false})).await;
    let changed = changed.json();
    assert_eq!(
        (&changed["name"], &changed["url"], &changed["status"]),
        (&json!("Other"), &json!("https://example.org/"), &json!("disabled"))
    );
    assert_eq!(changed["event_types"], json!(EVERYTHING));
    assert_eq!(program.get(&format!("{one}/deliveries")).await.json()["data"], json!([]));
    let gone = program.delete(&one).await.json();
    assert_eq!(gone, json!({"id": id, "object": "webhook_endpoint.deleted", "deleted": true}));
    assert_eq!(program.delete(&one).await.refusal(), not_found());
    assert_eq!(program.get(&one).await.refusal(), not_found());
    let rows = app.rows().await;
    for action in ["created", "updated", "deleted"] {
        let count = rows.iter().filter(|row| row.contains(&format!("webhook_endpoint.{action}")) && row.contains(&id)).count();
        assert_eq!(count, 1, "{action}");
    }
}

#[tokio::test]
async fn every_field_that_is_wrong_is_named_and_nothing_is_made() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let program = app.program_of(&owner.user).await;
    let good = json!({"name": "Mine", "url": "https://example.org/", "event_types": EVERYTHING});
    let (made, _) = endpoint(&program, "https://example.org/").await;
    let before = app.rows().await;
    let long = "x".repeat(3_000);
    for (field, values) in [
        ("name", vec![json!(null), json!(5), json!(""), json!(" \u{7} "), json!("x".repeat(61)), json!([])]),
        ("url", vec![json!(null), json!(5), json!(""), json!("example.org"), json!("http://example.org/"), json!("ftp://example.org/")]),
        (
            "url",
            vec![
                json!("https://127.0.0.1/"),
                json!("https://[::1]/"),
                json!("https://169.254.169.254/"),
                json!("https://a:b@example.org/"),
            ],
        ),
        (
            "url",
            vec![json!(format!("https://example.org/{long}")), json!("https://example.org/#x"), json!("https://exa mple.org/"), json!({})],
        ),
        ("event_types", vec![json!(null), json!("shared_link.created"), json!([]), json!(["shared_link.opened"]), json!({})]),
        ("event_types[0]", vec![json!([5]), json!([null])]),
        ("enabled", vec![json!("yes"), json!(1), json!([])]),
        ("colour", vec![json!("red"), json!(null)]),
    ] {
        for value in values {
            let mut body = good.clone();
            body[field.split('[').next().unwrap()] = value.clone();
            let reply = program.post(PATH, &body).await;
            assert_eq!(reply.refusal(), invalid(field), "{value}: {}", reply.body);
            // Null leaves what is there.
            if !value.is_null() || field == "colour" {
                let change = json!({field.split('[').next().unwrap(): value});
                let reply = program.post(&format!("{PATH}/{made}"), &change).await;
                assert_eq!(reply.refusal(), invalid(field), "{change}: {}", reply.body);
            }
        }
    }
    for field in ["name", "url", "event_types"] {
        let mut body = good.clone();
        body.as_object_mut().unwrap().remove(field);
        assert_eq!(program.post(PATH, &body).await.refusal(), invalid(field));
    }
    let one = format!("{PATH}/{made}");
    for (path, body, param) in [
        (format!("{one}/test"), json!({}), "event_type"),
        (format!("{one}/test"), json!({"event_type": "shared_link.opened"}), "event_type"),
        (format!("{one}/test"), json!({"event_type": null}), "event_type"),
        (format!("{one}/rotate_secret"), json!({"keep_old_secret_active_for_24_hours": "yes"}), "keep_old_secret_active_for_24_hours"),
        (format!("{one}/rotate_secret"), json!({"keep": true}), "keep"),
    ] {
        assert_eq!(program.post(&path, &body).await.refusal(), invalid(param), "{path} {body}");
    }
    for (path, param) in
        [("?limit=0", "limit"), ("?after=whe_none", "after"), ("?before=x", "before"), ("?order=up", "order"), ("?page=2", "page")]
    {
        assert_eq!(program.get(&format!("{PATH}{path}")).await.refusal(), invalid(param), "{path}");
        assert_eq!(program.get(&format!("{one}/deliveries{path}")).await.refusal(), invalid(param), "{path}");
    }
    assert_eq!(app.rows().await, before);
}

#[tokio::test]
async fn what_is_another_s_is_not_there() {
    let scene = Scene::new().await;
    scene.share().await;
    scene.receiver.heard(1).await;
    idle(&scene.app).await;
    let other = scene.app.other().await;
    let stranger = scene.app.program_of(&other.user).await;
    let (theirs, _) = endpoint(&stranger, &scene.receiver.url()).await;
    let one = format!("{PATH}/{}", scene.id);
    let delivery = scene.program.get(&format!("{one}/deliveries")).await.json()["data"][0]["id"].as_str().unwrap().to_owned();
    let before = scene.app.all_rows().await;
    for id in [scene.id.as_str(), "whe_1111111111111111111111", "whe_x", "x", "%00", "..%2F", "é"] {
        let one = format!("{PATH}/{id}");
        assert_eq!(stranger.get(&one).await.refusal(), not_found(), "{id}");
        assert_eq!(stranger.delete(&one).await.refusal(), not_found(), "{id}");
        assert_eq!(stranger.post(&one, &json!({"name": "x"})).await.refusal(), not_found(), "{id}");
        assert_eq!(stranger.post(&format!("{one}/rotate_secret"), &json!({})).await.refusal(), not_found(), "{id}");
        assert_eq!(stranger.post(&format!("{one}/test"), &json!({"event_type": EVERYTHING[0]})).await.refusal(), not_found(), "{id}");
        assert_eq!(stranger.get(&format!("{one}/deliveries")).await.refusal(), not_found(), "{id}");
        assert_eq!(stranger.post(&format!("{one}/deliveries/{delivery}/retry"), &json!({})).await.refusal(), not_found(), "{id}");
    }
    // Nor through one's own.
    assert_eq!(stranger.post(&format!("{PATH}/{theirs}/deliveries/{delivery}/retry"), &json!({})).await.refusal(), not_found());
    assert_eq!(stranger.get(&format!("{PATH}?after={}", scene.id)).await.refusal(), invalid("after"));
    assert_eq!(stranger.get(&format!("{PATH}/{theirs}/deliveries?after={delivery}")).await.refusal(), invalid("after"));
    // Counting uses up nothing that is told.
    assert_eq!(scene.app.all_rows().await, before);
    assert_eq!(scene.receiver.all().len(), 1);
}

#[tokio::test]
async fn ten_are_enough_for_one_person() {
    let app = TestApp::start().await;
    let (owner, other) = (app.owner().await, app.other().await);
    let program = app.program_of(&owner.user).await;
    let body = json!({"name": "Mine", "url": "https://example.org/", "event_types": EVERYTHING});
    let all = futures_util::future::join_all((0..14).map(|_| program.post(PATH, &body))).await;
    assert_eq!(all.iter().filter(|reply| reply.status == 200).count(), 10);
    assert!(all.iter().filter(|reply| reply.status != 200).all(|reply| reply.refusal() == invalid("url")));
    endpoint(&app.program_of(&other.user).await, "https://example.org/").await;
    let mut ids: Vec<String> = Vec::new();
    let mut after = String::new();
    loop {
        let page = program.get(&format!("{PATH}?limit=3{after}")).await.json();
        ids.extend(page["data"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()));
        if page["has_more"] == false {
            break;
        }
        after = format!("&after={}", page["last_id"].as_str().unwrap());
    }
    assert_eq!(ids.len(), 10);
    let back = program.get(&format!("{PATH}?before={}&limit=4", ids[6])).await.json();
    let shown: Vec<&str> = back["data"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(shown, ids[2..6]);
    let ascending = program.get(&format!("{PATH}?order=asc&limit=100")).await.json();
    let shown: Vec<&str> = ascending["data"].as_array().unwrap().iter().rev().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(shown, ids);
}

#[tokio::test]
async fn a_test_is_sent_at_once_and_says_what_came_of_it() {
    let scene = Scene::new().await;
    let path = format!("{PATH}/{}/test", scene.id);
    scene.receiver.answer_next(&[200, 500]);
    for (count, (kind, status)) in (1..).zip([("shared_link.created", 200), ("shared_link.deleted", 500), ("shared_link.expired", 204)]) {
        let reply = scene.program.post(&path, &json!({"event_type": kind})).await.json();
        let expected = json!({
            "object": "webhook_endpoint.test", "webhook_endpoint_id": scene.id, "event_type": kind, "status_code": status, "success": true,
        });
        assert_eq!(reply, expected);
        let heard = scene.receiver.heard(count).await.remove(count - 1);
        assert!(heard.is_signed_with(&scene.secret));
        assert_eq!(heard.kind(), kind);
        assert_eq!(heard.json()["data"]["id"], "link_TakebackTestTakeback11");
    }
    assert!(scene.states().await.is_empty(), "nothing of it is written down");
    // Also while it is off; and where nobody answers, that is said.
    let away = json!({"enabled": false, "url": "http://127.0.0.1:9/"});
    assert_eq!(scene.program.post(&format!("{PATH}/{}", scene.id), &away).await.status, 200);
    let reply = scene.program.post(&path, &json!({"event_type": "shared_link.created"})).await;
    assert_eq!(reply.refusal(), (422, "unprocessable".to_owned(), Some("url".to_owned())));
    assert!(reply.body.contains("Nothing answers"), "{}", reply.body);
    let mut last = 0;
    for _ in 0..30 {
        last = scene.program.post(&path, &json!({"event_type": "shared_link.created"})).await.status;
    }
    assert_eq!(last, 429, "nobody uses it to knock at doors");
}

#[tokio::test]
async fn deliveries_are_listed_page_by_page() {
    let scene = Scene::new().await;
    for count in 1..8 {
        scene.share().await;
        scene.receiver.heard(count).await;
    }
    idle(&scene.app).await;
    let path = format!("{PATH}/{}/deliveries", scene.id);
    let mut seen: Vec<Value> = Vec::new();
    let mut after = String::new();
    loop {
        let page = scene.program.get(&format!("{path}?limit=3{after}")).await.json();
        seen.extend(page["data"].as_array().unwrap().clone());
        if page["has_more"] == false {
            break;
        }
        after = format!("&after={}", page["last_id"].as_str().unwrap());
    }
    let mut told: Vec<String> = scene.receiver.all().iter().map(|heard| heard.header("webhook-id").to_owned()).collect();
    let mut ids: Vec<String> = seen.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect();
    let last = &seen[6];
    let now = scene.app.now() / 1_000_000;
    let expected = json!({
        "id": last["id"], "object": "webhook_delivery", "created_at": now, "event_type": "shared_link.created", "status": "delivered",
        "attempts": 1, "status_code": 204, "problem": null, "last_attempt_at": now, "next_attempt_at": null,
    });
    assert_eq!(*last, expected);
    let back = scene.program.get(&format!("{path}?before={}&limit=2", ids[6])).await.json();
    let shown: Vec<&str> = back["data"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(shown, ids[4..6]);
    ids.sort_unstable();
    told.sort_unstable();
    assert_eq!(ids, told);
}

#[tokio::test]
async fn one_that_is_off_is_told_nothing_again() {
    let scene = Scene::new().await;
    scene.share().await;
    scene.receiver.heard(1).await;
    idle(&scene.app).await;
    let one = format!("{PATH}/{}", scene.id);
    let id = scene.program.get(&format!("{one}/deliveries")).await.json()["data"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(scene.program.post(&one, &json!({"enabled": false})).await.status, 200);
    let again = format!("{one}/deliveries/{id}/retry");
    assert_eq!(scene.program.post(&again, &json!({})).await.refusal(), invalid("enabled"));
    assert_eq!(scene.program.post(&one, &json!({"enabled": true})).await.status, 200);
    assert_eq!(scene.program.post(&again, &json!({})).await.status, 200);
    scene.receiver.heard(2).await;
}

#[tokio::test]
async fn of_a_key_that_is_revoked_only_the_key_ends() {
    let app = start().await;
    let owner = app.owner().await;
    let receiver = Receiver::start().await;
    let program = app.program_of(&owner.user).await;
    endpoint(&program, &receiver.url()).await;
    app.run("UPDATE api_keys SET expires_at = 1 WHERE user_id = $1", &owner.user.id).await;
    assert_eq!(program.get(PATH).await.status, 401);
    let talk = app.small_talk(&owner.user).await;
    app.share(&owner.user, &talk).await;
    receiver.heard(1).await;
}
