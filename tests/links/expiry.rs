//! A link that ends by itself is gone at its time, like every other, and stays its owner's.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use takeback::audit::Via;
use takeback::error::Error;
use takeback::ids;
use takeback::links::expiry::Expiry;
use takeback::links::link::{Link, TargetType};
use takeback::links::publish::{self, Change};
use takeback::links::{carry_on, expire, revoke};

use crate::support::{Actor, Reply, START, TestApp};

const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);
/// In microseconds.
const DAY_MICROS: i64 = 86_400_000_000;

async fn ends_in(app: &TestApp, owner: &Actor, micros: i64) -> Link {
    let link = app.share(&owner.user, &app.small_talk(&owner.user).await).await;
    let change = Change { expiry: Expiry::At(app.now() + micros), ..Change::default() };
    publish::change(&app.app, &owner.user, &link.id, change, Via::Web).await.unwrap()
}

/// Everything about an answer but for its time and number.
fn face(reply: &Reply) -> (u16, Vec<(String, String)>, String) {
    let headers = reply.headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    (reply.status, headers.filter(|(name, _)| name != "date" && name != "x-request-id").collect(), reply.body.clone())
}

#[tokio::test]
async fn at_its_time_no_surface_gives_a_byte_and_all_answer_like_what_never_was() {
    let app = TestApp::start().await;
    let (owner, other) = (app.owner().await, app.other().await);
    let link = ends_in(&app, &owner, 3_600_000_000).await;
    let visitor = app.anonymous();
    let etag = visitor.get(&link.path()).await.header("etag").to_owned();
    app.advance(Duration::from_micros(3_599_999_999));
    assert_eq!(visitor.get(&link.path()).await.status, 200);
    assert_eq!(Reply::of(visitor.request(Method::GET, &link.path()).header("if-none-match", &etag)).await.status, 304);
    assert_eq!(visitor.get(&format!("{}/markdown", link.path())).await.status, 200);

    // Nothing is written at that moment: it is the clock that closes it, on the page that is remembered too.
    app.advance(Duration::from_micros(1));
    let never = format!("/share/{}", ids::token_of(&ids::new("link")));
    for path in ["", "/markdown", "/files/file_x", "/continue", "/report"] {
        for method in [Method::GET, Method::HEAD] {
            let expected = face(&Reply::of(visitor.request(method.clone(), &format!("{never}{path}"))).await);
            for (name, value) in [("accept", "*/*"), ("if-none-match", etag.as_str()), ("if-none-match", "*"), ("range", "bytes=0-10")] {
                let gone = Reply::of(visitor.request(method.clone(), &format!("{}{path}", link.path())).header(name, value)).await;
                assert_eq!(gone.status, 404, "{method} {path} with {name}: {value}");
                assert_eq!(face(&gone), expected, "{method} {path} with {name}: {value}");
            }
        }
    }
    for person in [&other, &owner] {
        assert_eq!(person.get(&link.path()).await.status, 404);
    }
}

#[tokio::test]
async fn who_has_its_page_open_can_not_continue_it_any_more() {
    let app = TestApp::start().await;
    let (owner, other) = (app.owner().await, app.other().await);
    let link = ends_in(&app, &owner, 3_600_000_000).await;
    let open = app.gate.ask(TargetType::Conversation, &link.id).await.unwrap();
    assert_eq!(other.get(&format!("{}/continue", link.path())).await.status, 200);
    app.advance(HOUR);
    assert_eq!(other.post_form(&format!("{}/continue", link.path()), &[]).await.status, 404);
    assert_eq!(app.anonymous().post_form(&format!("{}/report", link.path()), &[("reason", "other")]).await.status, 404);
    // The gate had said yes just before.
    assert!(matches!(carry_on::carry_on(&app.app, &other.user, &open).await, Err(Error::Gone)));
    let copies: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM conversations").fetch_one(app.db.reader()).await.unwrap();
    assert_eq!(copies, 1);
}

#[tokio::test]
async fn a_program_says_when_a_link_ends_and_what_has_passed_is_refused() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let program = app.program_of(&owner.user).await;
    let now = START / 1_000_000;
    let messages = json!([{"role": "user", "content": "Hello"}]);
    let made = program.post("/v1/shared_links", &json!({"messages": messages, "expires_at": now + 60})).await.json();
    assert_eq!((&made["expires_at"], &made["status"]), (&json!(now + 60), &json!("active")));
    let path = format!("/v1/shared_links/{}", made["id"].as_str().unwrap());
    let page = made["url"].as_str().unwrap().strip_prefix(&app.url("")).unwrap();
    app.advance(Duration::from_secs(60));
    assert_eq!(app.anonymous().get(page).await.status, 404);
    // It is still there for its owner, who can give it more time.
    let listed = program.get("/v1/shared_links").await.json();
    assert_eq!((&listed["data"][0]["id"], &listed["data"][0]["status"]), (&made["id"], &json!("expired")));
    assert_eq!(program.post(&path, &json!({"title": "Other"})).await.json()["status"], "expired");
    let longer = program.post(&path, &json!({"expires_at": now + 120})).await.json();
    assert_eq!((&longer["expires_at"], &longer["status"], &longer["revision"]), (&json!(now + 120), &json!("active"), &json!(1)));
    assert_eq!(app.anonymous().get(page).await.status, 200);
    assert_eq!(program.post(&path, &json!({"expires_at": null})).await.json()["expires_at"], Value::Null);
    app.advance(1_000 * DAY);
    assert_eq!(app.anonymous().get(page).await.status, 200);

    let now = app.now() / 1_000_000;
    for wrong in
        [json!(now), json!(now - 1), json!(0), json!(-1), json!(1_i64 << 60), json!("2027-01-01"), json!(1.5), json!(true), json!({})]
    {
        for (path, body) in [
            ("/v1/shared_links", json!({"messages": messages, "expires_at": wrong})),
            (path.as_str(), json!({"title": "No", "expires_at": wrong})),
        ] {
            let refused = program.post(path, &body).await;
            assert_eq!(refused.refusal(), (400, "invalid_request_error".to_owned(), Some("expires_at".to_owned())), "{wrong}");
        }
    }
    assert_eq!(program.get(&path).await.json()["title"], "Other", "all of what is asked for, or nothing");
    assert_eq!(program.get("/v1/shared_links").await.json()["data"].as_array().unwrap().len(), 1);
    // A repeat that comes when the time has passed is told what was made.
    let body = json!({"messages": messages, "expires_at": now + 60}).to_string();
    let send = async || {
        let request = program.request(Method::POST, "/v1/shared_links").header("idempotency-key", "one");
        Reply::of(request.header("content-type", "application/json").body(body.clone())).await.json()
    };
    let first = send().await;
    app.advance(Duration::from_secs(61));
    let second = send().await;
    assert_eq!((&first["id"], &second["status"]), (&second["id"], &json!("expired")));
}

#[tokio::test]
async fn that_it_ended_is_written_down_once() {
    let app = TestApp::start().await;
    let (owner, other) = (app.owner().await, app.other().await);
    let mut links = Vec::new();
    for _ in 0..5 {
        links.push(ends_in(&app, &owner, DAY_MICROS).await);
    }
    let dead = ends_in(&app, &other, DAY_MICROS).await;
    revoke::delete_all(&app.app, &other.user.id, Via::Web).await.unwrap();
    app.share(&owner.user, &app.small_talk(&owner.user).await).await;
    assert_eq!(expire::write_down(&app.app).await.unwrap(), 0);
    app.advance(DAY);
    // Servers that look at the same time don't write it twice.
    let all = futures_util::future::join_all((0..4).map(|_| expire::write_down(&app.app))).await;
    assert!(all.into_iter().map(Result::unwrap).sum::<usize>() <= 5);
    let told = async || -> Vec<(String, String, String)> {
        let query = "SELECT object_id, user_id, client FROM audit_events WHERE action = 'shared_link.expired' ORDER BY object_id";
        sqlx::query_as(query).fetch_all(app.db.reader()).await.unwrap()
    };
    let mut expected: Vec<_> = links.iter().map(|link| (link.id.clone(), owner.user.id.clone(), "server".to_owned())).collect();
    expected.sort();
    assert_eq!(told().await, expected);
    assert!(!expected.iter().any(|(id, ..)| *id == dead.id));
    // One that gets more time ends again, and that is written down again.
    let change = Change { expiry: Expiry::At(app.now() + DAY_MICROS), ..Change::default() };
    publish::change(&app.app, &owner.user, &links[0].id, change, Via::Web).await.unwrap();
    app.advance(DAY);
    expire::write_down(&app.app).await.unwrap();
    assert_eq!(told().await.len(), 6);
}

#[tokio::test]
async fn the_pages_let_a_person_choose_and_see_it() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.small_talk(&owner.user).await;
    let share = format!("/c/{}/share", talk.id);
    assert!(owner.get(&share).await.body.contains("<option value=\"7\">for 7 days</option>"));
    let made = owner.post_form(&share, &[("title", "Tea"), ("author", "anonymous"), ("expires", "7"), ("expires_on", "")]).await;
    assert!(made.status == 200 && made.body.contains("until 22 January 2026, 12:00 UTC"), "{}", made.body);
    let id: String = sqlx::query_scalar("SELECT id FROM links").fetch_one(app.db.reader()).await.unwrap();
    let list = owner.get("/links").await.body;
    assert!(list.contains("· ends <time") && list.contains(">in 7 days</time>"), "{list}");
    // What is not asked to change stays.
    let edit = format!("/links/{id}/edit");
    assert_eq!(owner.post_form(&edit, &[("title", "Other"), ("expires", "")]).await.status, 303);
    assert!(owner.get("/links").await.body.contains(">in 7 days</time>"));
    app.advance(8 * DAY);
    let list = owner.get("/links").await.body;
    assert!(list.contains("<b class=\"over\">expired</b>") && list.contains("it has ended"), "{list}");
    let dialog = owner.get(&share).await.body;
    assert!(dialog.contains("<b class=\"over\">expired</b>"), "{dialog}");
    let path = format!("/share/{}", ids::token_of(&id));
    assert_eq!(app.anonymous().get(&path).await.status, 404);
    let to = |day: &'static str| [("title", "Other"), ("expires", "date"), ("expires_on", day)];
    for wrong in ["2026-01-22", "", "tomorrow"] {
        assert_eq!(owner.post_form(&edit, &to(wrong)).await.status, 400, "{wrong}");
    }
    assert_eq!(owner.post_form(&edit, &to("2026-01-23")).await.status, 303);
    assert!(owner.get("/links").await.body.contains("until 24 January 2026, 00:00 UTC"));
    assert_eq!(app.anonymous().get(&path).await.status, 200);
    assert_eq!(owner.post_form(&edit, &[("title", "Other"), ("expires", "never")]).await.status, 303);
    assert!(!owner.get("/links").await.body.contains("· ends"));
}

#[tokio::test]
async fn the_command_line_says_it_too() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.small_talk(&owner.user).await;
    let run = async |arguments: &[&str]| {
        let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_takeback"));
        command.env_clear().env("TAKEBACK_LOG", "warn").args(["--database", &app.config.database, "--data"]);
        let output = command.arg(&app.config.data).args(arguments).output().await.unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    };
    let (code, out, err) = run(&["share", &talk.id, "--expires", "7d", "--json"]).await;
    assert_eq!((code, err.as_str()), (0, ""));
    let link: Value = serde_json::from_str(&out).unwrap();
    // The program in a process of its own has the real time.
    assert_eq!(link["expires_at"].as_i64().unwrap() - link["created_at"].as_i64().unwrap(), 7 * 86_400);
    let id = link["id"].as_str().unwrap();
    let (_, out, _) = run(&["links", "update", id, "--expires", "2090-01-31", "--json"]).await;
    assert_eq!(serde_json::from_str::<Value>(&out).unwrap()["expires_at"], 3_789_590_400_i64);
    let (_, out, _) = run(&["links", "update", id, "--expires", "never"]).await;
    assert!(out.contains("ends       when it is deleted"), "{out}");
    for (wrong, words) in [("2001-01-01", "has passed"), ("soon", "Say how long")] {
        let (code, _, err) = run(&["links", "update", id, "--expires", wrong]).await;
        assert!(code == 1 && err.contains(words), "{err}");
    }
}
