//! `/v1/shared_links`: what programs do with links.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use takeback::ids;

use crate::support::{Caller, Reply, TestApp};

const DAY: Duration = Duration::from_secs(86_400);

fn path(link: &Value) -> String {
    format!("/v1/shared_links/{}", link["id"].as_str().unwrap())
}

/// The path of the page that visitors get.
fn page(link: &Value) -> String {
    format!("/share/{}", ids::token_of(link["id"].as_str().unwrap()))
}

async fn ids_of(program: &Caller, query: &str) -> Vec<String> {
    let list = program.get(&format!("/v1/shared_links{query}")).await.json();
    list["data"].as_array().unwrap_or_else(|| panic!("{list}")).iter().map(|link| link["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_link_is_made_looked_at_changed_and_taken_back() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let mut talk = app.small_talk(&owner.user).await;
    let program = app.program_of(&owner.user).await;
    let made = program.post("/v1/shared_links", &json!({"target": {"type": "conversation", "id": talk.id}})).await;
    assert_eq!(made.status, 200, "{}", made.body);
    let link = made.json();
    let id = link["id"].as_str().unwrap();
    assert_eq!(
        link,
        json!({
            "id": id, "object": "shared_link", "created_at": 1_768_478_400, "updated_at": 1_768_478_400,
            "url": app.url(&page(&link)), "title": "Tea for two", "target": {"type": "conversation", "id": talk.id},
            "author": {"display": "anonymous", "name": null}, "revision": 1, "message_count": 2, "access": "anyone",
            "expires_at": null, "max_views": null, "has_password": false, "allow_continue": true, "views": 0,
            "last_viewed_at": null, "copies": 0, "status": "active",
        })
    );
    assert!(!made.body.contains("Quillfeather"));
    assert_eq!(app.anonymous().get(&page(&link)).await.status, 200);
    app.advance(Duration::from_secs(60));

    // By its id, and by the last segment of its address; the view is counted already.
    for name in [id, ids::token_of(id)] {
        let seen = program.get(&format!("/v1/shared_links/{name}")).await.json();
        assert_eq!((&seen["id"], &seen["views"], &seen["last_viewed_at"]), (&link["id"], &json!(1), &json!(1_768_478_400)));
    }

    app.say(&mut talk, "user", "And black tea?").await;
    let change = json!({"title": "Another title", "author": "name", "snapshot": "latest"});
    let changed = program.post(&path(&link), &change).await.json();
    assert_eq!((&changed["title"], &changed["revision"], &changed["message_count"]), (&json!("Another title"), &json!(2), &json!(3)));
    assert_eq!(changed["author"], json!({"display": "name", "name": "Ada Quillfeather"}));
    assert_eq!((&changed["url"], &changed["updated_at"]), (&link["url"], &json!(1_768_478_460)));
    let shown = app.anonymous().get(&page(&link)).await.body;
    assert!(shown.contains("And black tea?") && shown.contains("Another title") && shown.contains("Ada Quillfeather"));
    // Nothing to change is no change.
    assert_eq!(program.post(&path(&link), &json!({})).await.json()["updated_at"], 1_768_478_460);
    assert_eq!(program.post(&path(&link), &json!({"author": "anonymous"})).await.json()["author"], link["author"]);

    let gone = program.delete(&path(&link)).await;
    assert_eq!((gone.status, gone.json()), (200, json!({"id": id, "object": "shared_link.deleted", "deleted": true})));
    assert_eq!(app.anonymous().get(&page(&link)).await.status, 404);
    let events: Vec<String> = app.rows().await.into_iter().filter(|row| row.contains("action=Some(\"shared_link.")).collect();
    assert_eq!(events.len(), 4, "{events:?}");
    assert!(events.iter().all(|event| event.contains("client=Some(\"api\")")), "{events:?}");
}

#[tokio::test]
async fn a_change_happens_wholly_or_not_at_all() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.small_talk(&owner.user).await;
    let program = app.program_of(&owner.user).await;
    let link = program.post("/v1/shared_links", &json!({"target": {"type": "conversation", "id": talk.id}})).await.json();
    // There is nothing to cut any more.
    app.run("UPDATE conversations SET current_message_id = NULL WHERE id = $1", &talk.id).await;
    let before = app.rows().await;
    let refused = program.post(&path(&link), &json!({"title": "New", "snapshot": "latest"})).await;
    assert_eq!(refused.refusal(), (404, "not_found_error".to_owned(), None));
    for (body, param) in [
        (json!({"title": ""}), "title"),
        // It would look as if it took the title away.
        (json!({"title": null}), "title"),
        (json!({"snapshot": "oldest"}), "snapshot"),
        (json!({"author": "me"}), "author"),
        (json!({"title": "New", "access": "nobody"}), "access"),
        (json!({"title": "New", "expires_at": 1}), "expires_at"),
        (json!({"title": "New", "views": 0}), "views"),
        (json!({"title": "New", "target": {}}), "target"),
    ] {
        let expected = (400, "invalid_request_error".to_owned(), Some(param.to_owned()));
        assert_eq!(program.post(&path(&link), &body).await.refusal(), expected, "{body}");
    }
    assert_eq!(app.rows().await, before);
    // What the API names is accepted where it says nothing new.
    let nothing = json!({"access": "anyone", "expires_at": null, "max_views": null, "password": null, "allow_continue": true});
    assert_eq!(program.post(&path(&link), &nothing).await.json(), link);
}

#[tokio::test]
async fn messages_become_a_conversation_and_a_link_of_what_visitors_may_see() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let program = app.program_of(&owner.user).await;
    let pixel = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAACAjs=";
    let messages = json!([
        {"role": "system", "content": "zanzibarquokka"},
        {"role": "user", "content": [{"type": "text", "text": "What is **this**?"}, {"type": "image_url", "image_url": {"url": pixel}}]},
        {"role": "assistant", "content": null, "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "look", "arguments": "{}"}}]},
        {"role": "tool", "tool_call_id": "c1", "content": "secretoutput"},
        {"role": "assistant", "content": "A pixel."},
    ]);
    let made = program.post("/v1/shared_links", &json!({"messages": messages, "title": "A <pixel>"})).await;
    assert_eq!(made.status, 200, "{}", made.body);
    let link = made.json();
    assert_eq!((&link["title"], &link["message_count"], &link["revision"]), (&json!("A <pixel>"), &json!(2), &json!(1)));
    let shown = app.anonymous().get(&page(&link)).await.body;
    assert!(
        shown.contains("What is <strong>this</strong>?") && shown.contains("A pixel.") && shown.contains("A &#60;pixel&#62;"),
        "{shown}"
    );
    assert!(!shown.contains("zanzibarquokka") && !shown.contains("secretoutput"));
    let picture = shown.split("<img").nth(1).unwrap().split("src=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(app.anonymous().get(picture).await.header("content-type"), "image/gif");

    // The owner has it as a conversation, and can share it again from there.
    let conversation = link["target"]["id"].as_str().unwrap();
    let own = owner.get(&format!("/c/{conversation}")).await;
    assert!(own.status == 200 && own.body.contains("A pixel.") && !own.body.contains("zanzibarquokka"));
    let latest = program.post(&path(&link), &json!({"snapshot": "latest"})).await.json();
    assert_eq!((&latest["revision"], &latest["message_count"]), (&json!(2), &json!(2)));

    // The same words once more are another conversation: nothing that was added to the first can show.
    let again = program.post("/v1/shared_links", &json!({"messages": messages})).await.json();
    assert_ne!(again["target"]["id"], link["target"]["id"]);
    assert_eq!(again["title"], "What is **this**?");
    let named = program.post("/v1/shared_links", &json!({"messages": [{"role": "user", "content": "x"}], "author": "name"})).await.json();
    assert_eq!(named["author"]["name"], "Ada Quillfeather");
}

#[tokio::test]
async fn a_link_can_end_before_the_last_message() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let (talk, elsewhere) = (app.small_talk(&owner.user).await, app.small_talk(&owner.user).await);
    let program = app.program_of(&owner.user).await;
    let up_to = |message: &str| json!({"target": {"type": "conversation", "id": talk.id}, "up_to_message_id": message, "title": "Half"});
    let link = program.post("/v1/shared_links", &up_to(&talk.messages[0])).await.json();
    assert_eq!((&link["message_count"], &link["title"]), (&json!(1), &json!("Half")));
    for other in [elsewhere.messages[0].as_str(), "msg_none", "", "\u{0}"] {
        assert_eq!(program.post("/v1/shared_links", &up_to(other)).await.status, 404, "{other:?}");
    }
    let empty = app.talk(&owner.user, "Empty", &[]).await;
    let refused = program.post("/v1/shared_links", &json!({"target": {"type": "conversation", "id": empty.id}})).await;
    assert_eq!(refused.refusal(), (400, "invalid_request_error".to_owned(), Some("target".to_owned())));
}

#[tokio::test]
async fn every_link_is_listed_once_in_either_direction_even_when_times_are_equal() {
    let app = TestApp::start().await;
    let (owner, other) = (app.owner().await, app.other().await);
    let talk = app.small_talk(&owner.user).await;
    app.share(&other.user, &app.small_talk(&other.user).await).await;
    let program = app.program_of(&owner.user).await;
    let empty = program.get("/v1/shared_links").await.json();
    assert_eq!(empty, json!({"object": "list", "data": [], "first_id": null, "last_id": null, "has_more": false}));
    let mut made = Vec::new();
    for at in 0..45 {
        made.push(app.share(&owner.user, &talk).await.id);
        if at % 10 == 0 {
            app.advance(Duration::from_secs(1));
        }
    }
    made.sort_unstable();
    for order in ["desc", "asc"] {
        let (mut seen, mut sizes, mut cursor) = (Vec::new(), Vec::new(), String::new());
        loop {
            let list = program.get(&format!("/v1/shared_links?limit=7&order={order}{cursor}")).await.json();
            let ids: Vec<String> = list["data"].as_array().unwrap().iter().map(|link| link["id"].as_str().unwrap().to_owned()).collect();
            assert_eq!(
                (list["first_id"].as_str(), list["last_id"].as_str()),
                (ids.first().map(String::as_str), ids.last().map(String::as_str))
            );
            let times: Vec<i64> = list["data"].as_array().unwrap().iter().map(|link| link["created_at"].as_i64().unwrap()).collect();
            assert!(times.is_sorted_by(|a, b| if order == "asc" { a <= b } else { a >= b }), "{times:?}");
            sizes.push(ids.len());
            cursor = format!("&after={}", ids.last().unwrap());
            seen.extend(ids);
            if list["has_more"] == false {
                break;
            }
        }
        assert_eq!(sizes, [7, 7, 7, 7, 7, 7, 3]);
        // And back again.
        let mut back = vec![seen.last().unwrap().clone()];
        loop {
            let list = program.get(&format!("/v1/shared_links?limit=7&order={order}&before={}", back[0])).await.json();
            let ids = list["data"].as_array().unwrap().iter().map(|link| link["id"].as_str().unwrap().to_owned());
            back.splice(0..0, ids);
            if list["has_more"] == false {
                break;
            }
        }
        assert_eq!(back, seen);
        seen.sort_unstable();
        assert_eq!(seen, made);
    }
    assert_eq!(ids_of(&program, "").await.len(), 20);
    // The cursor, too, may be the last segment of an address; one of another's is as unknown as one that never was.
    let token = ids::token_of(&made[0]);
    assert_eq!(program.get(&format!("/v1/shared_links?after=link_{token}")).await.status, 200);
    let theirs = ids_of(&app.program_of(&other.user).await, "").await;
    let told = |reply: Reply| reply.body.replace(&theirs[0], "ID");
    assert_eq!(
        told(program.get(&format!("/v1/shared_links?after={}", theirs[0])).await),
        told(program.get(&format!("/v1/shared_links?after={}", ids::new("link"))).await)
    );
}

#[tokio::test]
async fn a_list_is_narrowed_by_target_words_access_and_age() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let program = app.program_of(&owner.user).await;
    let old = app.talk(&owner.user, "Grüner TEE 100%", &[("user", "x")]).await;
    let (stale, opened) = (app.share(&owner.user, &old).await, app.share(&owner.user, &old).await);
    app.advance(91 * DAY);
    let new = app.share(&owner.user, &app.talk(&owner.user, "Kaffee", &[("user", "x")]).await).await;
    assert_eq!(app.anonymous().get(&opened.path()).await.status, 200);
    let sorted = async |query: &str| {
        let mut ids = ids_of(&program, query).await;
        ids.sort_unstable();
        ids
    };
    let both = |one: &str, two: &str| {
        let mut ids = vec![one.to_owned(), two.to_owned()];
        ids.sort_unstable();
        ids
    };
    for (query, expected) in [
        ("?stale_days=90", vec![stale.id.clone()]),
        ("?stale_days=92", vec![]),
        ("?q=kaff", vec![new.id.clone()]),
        ("?q=GR%C3%9CNER%20tee", both(&stale.id, &opened.id)),
        ("?q=100%25", both(&stale.id, &opened.id)),
        ("?q=_", vec![]),
        ("?q=kaffee&stale_days=1", vec![]),
        (&format!("?target_id={}", old.id), both(&stale.id, &opened.id)),
        (
            &format!("?target_id={}&limit=1&after={}", old.id, opened.id.clone().max(stale.id.clone())),
            vec![opened.id.clone().min(stale.id.clone())],
        ),
        ("?target_id=conv_none", vec![]),
        ("?target_id=", vec![]),
        ("?target_type=conversation&q=kaffee", vec![new.id.clone()]),
        ("?target_type=assistant", vec![]),
        ("?access=anyone&q=kaffee", vec![new.id.clone()]),
    ] {
        assert_eq!(sorted(query).await, expected, "{query}");
    }
}

#[tokio::test]
async fn all_are_taken_back_only_when_that_is_said() {
    let app = TestApp::start().await;
    let (owner, other) = (app.owner().await, app.other().await);
    let talk = app.small_talk(&owner.user).await;
    let links = [app.share(&owner.user, &talk).await, app.share(&owner.user, &talk).await];
    let theirs = app.share(&other.user, &app.small_talk(&other.user).await).await;
    let program = app.program_of(&owner.user).await;
    assert_eq!(program.delete("/v1/shared_links").await.status, 400);
    assert_eq!(app.anonymous().get(&links[0].path()).await.status, 200);
    let done = program.delete("/v1/shared_links?all=true").await;
    assert_eq!((done.status, done.json()), (200, json!({"object": "shared_link.list.deleted", "deleted": 2})));
    for link in &links {
        assert_eq!(app.anonymous().get(&link.path()).await.status, 404);
    }
    assert_eq!(app.anonymous().get(&theirs.path()).await.status, 200);
    assert_eq!(program.delete("/v1/shared_links?all=true").await.json()["deleted"], 0);
    assert_eq!(ids_of(&program, "").await.len(), 0);
}

/// Somebody else's, a deleted one, one that all-deleting ended, one that can't be and one that never was.
#[tokio::test]
async fn what_is_not_the_caller_s_is_as_if_it_never_was_byte_for_byte() {
    let app = TestApp::start().await;
    let (owner, other) = (app.owner().await, app.other().await);
    let program = app.program_of(&owner.user).await;
    let talk = app.small_talk(&owner.user).await;
    let ended = app.share(&owner.user, &talk).await.id;
    assert_eq!(program.delete("/v1/shared_links?all=true").await.status, 200);
    let deleted = app.share(&owner.user, &talk).await.id;
    assert_eq!(program.delete(&format!("/v1/shared_links/{deleted}")).await.status, 200);
    let theirs = app.share(&other.user, &app.small_talk(&other.user).await).await.id;
    let never = ids::new("link");
    let face = |reply: Reply| {
        let headers: Vec<(String, String)> = reply
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .filter(|(name, _)| name != "date" && name != "x-request-id" && !name.starts_with("x-ratelimit-re"))
            .collect();
        (reply.status, headers, reply.body)
    };
    for method in [Method::GET, Method::POST, Method::DELETE] {
        let ask = async |id: &str| {
            let request = program.request(method.clone(), &format!("/v1/shared_links/{id}"));
            face(Reply::of(if method == Method::POST { request.json(&json!({"title": "Mine"})) } else { request }).await)
        };
        let expected = ask(&never).await;
        assert_eq!(expected.0, 404);
        for id in [&ended, &deleted, &theirs, ids::token_of(&theirs), "link_", "x", "conv_3bXkQ2mVt8nYw5LrC7dPzF", "%00", "%FF"] {
            assert_eq!(ask(id).await, expected, "{method} {id}");
        }
    }
    assert_eq!(app.anonymous().get(&format!("/share/{}", ids::token_of(&theirs))).await.status, 200);
}
