//! A link with a password, or that can be opened only so often: nothing of it shows before it is opened.

use std::process::Stdio;

use reqwest::Method;
use serde_json::{Value, json};
use takeback::audit::Via;
use takeback::error::Error;
use takeback::ids;
use takeback::links::expiry::Expiry;
use takeback::links::link::Link;
use takeback::links::lock::{Half, Wish};
use takeback::links::publish::{self, Change, Terms};
use takeback::links::{carry_on, expire, revoke};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::support::{Actor, Client, PASSWORD, Reply, TestApp, encode};

const WORDS: &str = "quartz sphinx of black vow";

fn password(words: &str) -> Wish {
    Wish { password: Half::With(words.to_owned()), max_views: Half::Keep }
}

fn views(most: i64) -> Wish {
    Wish { password: Half::Keep, max_views: Half::With(most) }
}

async fn locked(app: &TestApp, owner: &Actor, lock: Wish) -> Link {
    let talk = app.small_talk(&owner.user).await;
    publish::publish(&app.app, &owner.user, &talk.id, &Terms { lock, ..Terms::default() }, Via::Web).await.unwrap()
}

async fn relock(app: &TestApp, owner: &Actor, link: &Link, lock: Wish) -> Result<Link, Error> {
    publish::change(&app.app, &owner.user, &link.id, Change { lock, ..Change::default() }, Via::Web).await
}

async fn open(visitor: &Client, link: &Link, words: &str) -> Reply {
    visitor.post_form(&format!("{}/open", link.path()), &[("password", words)]).await
}

/// The status and whether a word of the conversation came along.
async fn sees(visitor: &Client, link: &Link) -> (u16, bool) {
    let page = visitor.get(&link.path()).await;
    (page.status, page.body.contains("Two minutes at 75 °C."))
}

const OPEN: (u16, bool) = (200, true);
const LOCKED: (u16, bool) = (403, false);
const GONE: (u16, bool) = (404, false);

#[tokio::test]
async fn nothing_shows_before_it_is_opened_and_all_of_it_after() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let link = locked(&app, &owner, password(WORDS)).await;
    let (visitor, stranger) = (app.anonymous(), app.anonymous());
    let surfaces = ["", "/markdown", "/files/file_x", "/continue", "/report"];
    for surface in surfaces {
        for method in [Method::GET, Method::HEAD] {
            for (name, value) in [("accept", "*/*"), ("if-none-match", "*"), ("range", "bytes=0-10"), ("cookie", "takeback-opened=1.x")] {
                let path = format!("{}{surface}", link.path());
                let page = Reply::of(visitor.request(method.clone(), &path).header(name, value)).await;
                assert_eq!(page.status, 403, "{method} {path} with {name}: {value}");
                assert_eq!(page.header("x-robots-tag"), "noindex, nofollow, noarchive");
                for word in ["Tea for two", "Two minutes", "green tea", "Quillfeather"] {
                    assert!(!page.body.contains(word), "{word} in {path}");
                }
            }
        }
    }
    for path in ["/continue", "/report"] {
        assert_eq!(visitor.post_form(&format!("{}{path}", link.path()), &[("reason", "other")]).await.status, 403);
    }

    for wrong in ["", "quartz sphinx of black cow", &"x".repeat(100_000)] {
        let refused = open(&visitor, &link, wrong).await;
        assert_eq!((refused.status, refused.header("set-cookie")), (403, ""), "{wrong:.20}");
        assert!(refused.body.contains("That is another password") && !refused.body.contains("black cow"), "{}", refused.body);
        assert_eq!(sees(&visitor, &link).await, LOCKED);
    }
    let opened = open(&visitor, &link, WORDS).await;
    assert_eq!((opened.status, opened.location()), (303, link.path().as_str()));
    let cookie = opened.header("set-cookie");
    let fit = cookie.contains(&format!("Path={};", link.path())) && cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax");
    assert!(fit && cookie.contains("Max-Age=43200"), "{cookie}");
    assert_eq!(sees(&visitor, &link).await, OPEN);
    for surface in ["/markdown", "/continue", "/report"] {
        assert_eq!(visitor.get(&format!("{}{surface}", link.path())).await.status, 200, "{surface}");
    }
    // Who hasn't opened it isn't told either that it hasn't changed.
    let etag = visitor.get(&link.path()).await.header("etag").to_owned();
    assert_eq!(Reply::of(stranger.request(Method::GET, &link.path()).header("if-none-match", etag)).await.status, 403);
    assert_eq!(sees(&stranger, &link).await, LOCKED);
    assert_eq!(sees(&owner, &link).await, LOCKED);
}

#[tokio::test]
async fn a_proof_opens_its_own_link_for_half_a_day_and_nothing_that_was_taken_back() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let (one, two) = (locked(&app, &owner, password(WORDS)).await, locked(&app, &owner, password(WORDS)).await);
    let visitor = app.anonymous();
    let proof = open(&visitor, &one, WORDS).await.header("set-cookie").split(';').next().unwrap().to_owned();
    let with_proof =
        async |link: &Link| Reply::of(app.anonymous().request(Method::GET, &link.path()).header("cookie", &proof)).await.status;
    assert_eq!((with_proof(&one).await, with_proof(&two).await), (200, 403));
    app.advance(std::time::Duration::from_secs(12 * 3_600));
    assert_eq!(sees(&visitor, &one).await, LOCKED);
    open(&visitor, &one, WORDS).await;
    assert_eq!(sees(&visitor, &one).await, OPEN);

    let never = visitor.get(&format!("/share/{}", ids::token_of(&ids::new("link")))).await;
    revoke::delete(&app, &owner.user.id, &one.id, Via::Web).await.unwrap();
    let gone = visitor.get(&one.path()).await;
    assert_eq!((gone.status, gone.bytes), (404, never.bytes));
    assert_eq!(open(&visitor, &one, WORDS).await.status, 404);
}

#[tokio::test]
async fn looking_costs_no_view_and_the_last_one_ends_it() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let link = locked(&app, &owner, views(2)).await;
    let (one, two, three) = (app.anonymous(), app.anonymous(), app.anonymous());
    for _ in 0..5 {
        assert_eq!(sees(&one, &link).await, LOCKED);
    }
    // Its owner looks as often as they like.
    for _ in 0..3 {
        assert_eq!((open(&owner, &link, "").await.status, sees(&owner, &link).await), (303, OPEN));
    }
    for visitor in [&one, &two] {
        assert_eq!((open(visitor, &link, "").await.status, sees(visitor, &link).await), (303, OPEN));
        // A second click and every reading on are the same view.
        assert_eq!((open(visitor, &link, "").await.status, sees(visitor, &link).await), (303, OPEN));
    }
    let never = three.get(&format!("/share/{}", ids::token_of(&ids::new("link")))).await;
    for answer in [open(&three, &link, "").await, three.get(&link.path()).await] {
        assert_eq!((answer.status, &answer.bytes), (404, &never.bytes));
    }
    assert_eq!((sees(&one, &link).await, sees(&two, &link).await), (OPEN, OPEN));
    let now = app.program_of(&owner.user).await.get(&format!("/v1/shared_links/{}", link.id)).await.json();
    assert_eq!((&now["status"], &now["views"], &now["max_views"]), (&json!("expired"), &json!(2), &json!(2)));
    assert!(owner.get("/links").await.body.contains("all its views are used"));
    let told = "SELECT COUNT(*) FROM audit_events WHERE action = 'shared_link.expired' AND object_id = $1";
    let told = async || -> i64 { sqlx::query_scalar(told).bind(&link.id).fetch_one(app.db.reader()).await.unwrap() };
    assert_eq!(told().await, 1);

    // More views open it again, to those who come anew; that it ends again is told again.
    assert!(matches!(relock(&app, &owner, &link, views(1)).await, Err(Error::Invalid { field: "max_views", .. })));
    // The page's form sends the number along with another title.
    let edit = format!("/links/{}/edit", link.id);
    assert_eq!(owner.post_form(&edit, &[("title", "Chai"), ("rules", "1"), ("max_views", "2"), ("allow_continue", "1")]).await.status, 303);
    assert_eq!((sees(&one, &link).await, sees(&three, &link).await), (OPEN, GONE));
    relock(&app, &owner, &link, views(3)).await.unwrap();
    assert_eq!((sees(&one, &link).await, sees(&three, &link).await), (LOCKED, LOCKED));
    assert_eq!((open(&three, &link, "").await.status, sees(&three, &link).await, sees(&one, &link).await), (303, OPEN, GONE));
    assert_eq!(told().await, 2);
    // Its time comes too, but it had ended before; a new title in between is no opening.
    let change = Change { expiry: Expiry::At(app.now() + 3_600_000_000), title: Some("Chai"), ..Change::default() };
    publish::change(&app.app, &owner.user, &link.id, change, Via::Web).await.unwrap();
    app.advance(std::time::Duration::from_secs(7_200));
    assert_eq!((expire::write_down(&app.app).await.unwrap(), told().await), (0, 2));
    let change = Change { expiry: Expiry::Never, ..Change::default() };
    publish::change(&app.app, &owner.user, &link.id, change, Via::Web).await.unwrap();
    relock(&app, &owner, &link, Wish { password: Half::Keep, max_views: Half::Without }).await.unwrap();
    assert_eq!(sees(&one, &link).await, OPEN);
}

#[tokio::test]
async fn of_many_who_come_at_once_so_many_get_in() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let link = locked(&app, &owner, views(3)).await;
    let visitors: Vec<Client> = (0..24).map(|_| app.anonymous()).collect();
    let came = futures_util::future::join_all(visitors.iter().map(|visitor| open(visitor, &link, ""))).await;
    assert_eq!(came.iter().filter(|reply| reply.status == 303).count(), 3);
    assert!(came.iter().all(|reply| reply.status == 303 || reply.status == 404));
    let inside = futures_util::future::join_all(visitors.iter().map(|visitor| sees(visitor, &link))).await;
    assert_eq!(inside.iter().filter(|seen| **seen == OPEN).count(), 3);
}

#[tokio::test]
async fn views_until_now_count_when_they_are_limited() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let link = app.share(&owner.user, &app.small_talk(&owner.user).await).await;
    for _ in 0..4 {
        assert_eq!(sees(&app.anonymous(), &link).await, OPEN);
    }
    assert!(matches!(relock(&app, &owner, &link, views(4)).await, Err(Error::Invalid { field: "max_views", .. })));
    assert_eq!(relock(&app, &owner, &link, views(5)).await.unwrap().views, 4);
    // Another server of the same database may have counted some that it has not written down yet.
    for _ in 0..3 {
        app.views.count(&link.id, app.now());
    }
    app.views.write_down(&app.db).await.unwrap();
    let visitor = app.anonymous();
    assert_eq!((sees(&visitor, &link).await, open(&visitor, &link, "").await.status), (LOCKED, 303));
    assert_eq!((sees(&visitor, &link).await, sees(&app.anonymous(), &link).await), (OPEN, GONE));
}

#[tokio::test]
async fn another_password_closes_it_to_those_who_are_in() {
    let app = TestApp::start().await;
    let (owner, other) = (app.owner().await, app.other().await);
    let link = locked(&app, &owner, password(WORDS)).await;
    open(&other, &link, WORDS).await;
    assert_eq!(sees(&other, &link).await, OPEN);
    // The gate had said yes just before: what it was asked about is another lock.
    let before = app.gate.ask_with(link.target_type, &link.id, Some(&link.lock.as_ref().unwrap().proof(app.now()).unwrap())).await.unwrap();
    relock(&app, &owner, &link, password("another long phrase")).await.unwrap();
    assert_eq!(sees(&other, &link).await, LOCKED);
    assert!(matches!(carry_on::carry_on(&app.app, &other.user, &before).await, Err(Error::Gone)));
    assert_eq!(open(&other, &link, WORDS).await.status, 403);
    assert_eq!(open(&other, &link, "another long phrase").await.status, 303);
    assert!(other.post_form(&format!("{}/continue", link.path()), &[]).await.location().starts_with("/c/"));
    relock(&app, &owner, &link, Wish { password: Half::Without, max_views: Half::Keep }).await.unwrap();
    assert_eq!(sees(&app.anonymous(), &link).await, OPEN);
}

#[tokio::test]
async fn guessing_a_password_is_slowed_down_and_keeps_no_reader_elsewhere_out() {
    let app = TestApp::start_with(|config| {
        config.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
        config.sign_in_attempts_per_minute = 2;
    })
    .await;
    let owner = app.owner().await;
    let link = locked(&app, &owner, password(WORDS)).await;
    let from = async |address: &str, words: &str| {
        let visitor = app.anonymous();
        let request = visitor.request(Method::POST, &format!("{}/open", link.path())).header("x-forwarded-for", address);
        Reply::of(request.header("content-type", "application/x-www-form-urlencoded").body(format!("password={}", encode(words)))).await
    };
    let mut statuses = Vec::new();
    for at in 0..8 {
        statuses.push(from("10.0.0.1", &format!("quartz sphinx of black {at}")).await.status);
    }
    assert_eq!(statuses, [403, 403, 403, 403, 403, 403, 429, 429]);
    // Many readers who know it, from as many places.
    for at in 2..12 {
        assert_eq!(from(&format!("10.0.0.{at}"), WORDS).await.status, 303, "{at}");
    }
    // From however many addresses, there is an end to it.
    let mut last = 403;
    for at in 0..12 {
        last = from(&format!("10.0.1.{at}"), "another long phrase").await.status;
    }
    assert_eq!(last, 429);
    // It is the attempts that wait, not the links of others, nor who signs in.
    let free = app.share(&owner.user, &app.small_talk(&owner.user).await).await;
    assert_eq!(sees(&app.anonymous(), &free).await, OPEN);
    let form = format!("email={}&password={}", encode(&owner.user.email), encode(PASSWORD));
    let sign_in = app.anonymous().request(Method::POST, "/signin").header("x-forwarded-for", "10.0.0.1");
    let sign_in = Reply::of(sign_in.header("content-type", "application/x-www-form-urlencoded").body(form)).await;
    assert_eq!(sign_in.status, 303, "{}", sign_in.body);
}

#[tokio::test]
async fn a_crowd_before_a_link_keeps_nobody_from_signing_in() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let link = locked(&app, &owner, password(WORDS)).await;
    let all = app.link_hashing.available_permits();
    let crowd = app.link_hashing.clone().acquire_many_owned(u32::try_from(all).unwrap()).await.unwrap();
    let visitor = app.anonymous();
    let (opened, ()) = tokio::join!(open(&visitor, &link, WORDS), async {
        let form = [("email", owner.user.email.as_str()), ("password", PASSWORD)];
        assert_eq!(app.anonymous().post_form("/signin", &form).await.status, 303);
        drop(crowd);
    });
    assert_eq!(opened.status, 303);
}

#[tokio::test]
async fn what_its_owner_doesn_t_let_visitors_continue_they_can_not() {
    let app = TestApp::start().await;
    let (owner, other) = (app.owner().await, app.other().await);
    let talk = app.small_talk(&owner.user).await;
    let link = publish::publish(&app.app, &owner.user, &talk.id, &Terms { read_only: true, ..Terms::default() }, Via::Web).await.unwrap();
    assert!(!app.anonymous().get(&link.path()).await.body.contains("Continue this conversation"));
    assert_eq!(other.post_form(&format!("{}/continue", link.path()), &[]).await.status, 403);
    let change = Change { allow_continue: Some(true), ..Change::default() };
    publish::change(&app.app, &owner.user, &link.id, change, Via::Web).await.unwrap();
    assert!(app.anonymous().get(&link.path()).await.body.contains("Continue this conversation"));
    assert!(other.post_form(&format!("{}/continue", link.path()), &[]).await.location().starts_with("/c/"));
}

#[tokio::test]
async fn a_program_locks_and_unlocks() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let program = app.program_of(&owner.user).await;
    let body = json!({"messages": [{"role": "user", "content": "Tea?"}], "password": WORDS, "max_views": 1, "allow_continue": false});
    let made = program.post("/v1/shared_links", &body).await.json();
    assert_eq!((&made["has_password"], &made["max_views"], &made["allow_continue"]), (&json!(true), &json!(1), &json!(false)));
    let path = made["url"].as_str().unwrap().split_once("/share/").map(|(_, token)| format!("/share/{token}")).unwrap();
    assert_eq!(app.anonymous().get(&path).await.status, 403);
    let change = async |body: Value| program.post(&format!("/v1/shared_links/{}", made["id"].as_str().unwrap()), &body).await;
    for (body, param) in [
        (json!({"password": "short"}), "password"),
        (json!({"password": ""}), "password"),
        (json!({"password": "words that end\n"}), "password"),
        (json!({"password": "words \u{0} in between"}), "password"),
        (json!({"password": 5}), "password"),
        (json!({"max_views": 0}), "max_views"),
        (json!({"max_views": -1}), "max_views"),
        (json!({"max_views": 1.5}), "max_views"),
    ] {
        let refused = change(body.clone()).await;
        assert_eq!((refused.status, &refused.json()["error"]["param"]), (400, &json!(param)), "{body}");
    }
    let freed = change(json!({"password": null, "max_views": null, "allow_continue": true})).await.json();
    assert_eq!((&freed["has_password"], &freed["max_views"], &freed["allow_continue"]), (&json!(false), &json!(null), &json!(true)));
    assert_eq!(app.anonymous().get(&path).await.status, 200);
    // Nowhere is the password itself.
    assert!(app.rows().await.iter().all(|row| !row.contains(WORDS)));
}

#[tokio::test]
async fn the_pages_let_a_person_lock_it_and_see_that_it_is() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.small_talk(&owner.user).await;
    let share = format!("/c/{}/share", talk.id);
    let form = |rules: &[(&'static str, &'static str)]| [&[("title", "Tea"), ("author", "anonymous"), ("rules", "1")], rules].concat();
    let refused = owner.post_form(&share, &form(&[("password", "short")])).await;
    assert!(refused.status == 400 && refused.body.contains("Use at least 10"), "{}", refused.body);
    assert_eq!(owner.post_form(&share, &form(&[("max_views", "many")])).await.status, 400);
    let made = owner.post_form(&share, &form(&[("password", WORDS), ("max_views", "5"), ("allow_continue_was", "1")])).await;
    assert!(made.body.contains("asks for a password, opens 5 times, can’t be continued"), "{}", made.body);
    assert!(made.body.contains("asks for its password") && !made.body.contains(WORDS), "{}", made.body);
    let path = made.body.split("id=\"made-url\" value=\"").nth(1).unwrap();
    let path = format!("/share/{}", &path.split("/share/").nth(1).unwrap()[..ids::BODY_LEN]);
    assert_eq!(app.anonymous().get(&path).await.status, 403);
    assert!(owner.get("/links").await.body.contains("asks for a password, opens 5 times"));

    // A form without these fields leaves them; with them, an empty password stays and an empty number is none.
    let edit = format!("/links/link_{}/edit", path.strip_prefix("/share/").unwrap());
    owner.post_form(&edit, &[("title", "Another"), ("from", "share")]).await;
    assert!(owner.get("/links").await.body.contains("asks for a password, opens 5 times, can’t be continued"));
    let stale = [("rules", "1"), ("max_views", ""), ("allow_continue", "1"), ("allow_continue_was", "1"), ("from", "share")];
    owner.post_form(&edit, &stale).await;
    let list = owner.get("/links").await.body;
    assert!(list.contains("opens 5 times, can’t be continued"), "a form that was drawn before the limit takes nothing away: {list}");
    let emptied = [("rules", "1"), ("password", ""), ("max_views", ""), ("max_views_was", "5"), ("allow_continue", "1"), ("from", "share")];
    owner.post_form(&edit, &emptied).await;
    let list = owner.get("/links").await.body;
    assert!(list.contains("asks for a password") && !list.contains("opens 5 times") && !list.contains("can’t be continued"), "{list}");
    owner.post_form(&edit, &[("rules", "1"), ("no_password", "1"), ("allow_continue", "1"), ("from", "share")]).await;
    assert_eq!(app.anonymous().get(&path).await.status, 200);
}

/// Runs the command line with `input` on its standard input, on the database here or on the server `there` is about.
async fn takeback(app: &TestApp, there: Option<&str>, arguments: &[&str], input: &str) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_takeback"));
    command.env_clear().env("TAKEBACK_LOG", "warn").current_dir(&app.config.data);
    match there {
        Some(key) => command.env("TAKEBACK_API_KEY", key).env("TAKEBACK_SERVER", app.url("")),
        None => command.args(["--public-url", &app.url(""), "--database", &app.config.database, "--data"]).arg(&app.config.data),
    };
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A command that reads nothing may be gone already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes()).await;
    let output = child.wait_with_output().await.unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[tokio::test]
async fn a_terminal_locks_and_unlocks_here_and_on_a_server_elsewhere() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.small_talk(&owner.user).await;
    let key = app.key_of(&owner.user, &[]).await;
    for there in [None, Some(key.as_str())] {
        let run = async |arguments: &[&str], input: &str| takeback(&app, there, arguments, input).await;
        let share = ["share", &talk.id, "--password-stdin", "--max-views", "3", "--no-continue"];
        let (code, out, err) = run(&share, "short\n").await;
        assert!(code == 1 && out.is_empty() && err.contains("Use at least 10"), "{err}");
        let (code, out, err) = run(&share, &format!("{WORDS}\r\n")).await;
        assert_eq!((code, err.as_str()), (0, ""));
        let path = out.trim_end().strip_prefix(&app.url("")).unwrap();
        let visitor = app.anonymous();
        assert_eq!(visitor.get(path).await.status, 403);
        assert_eq!(visitor.post_form(&format!("{path}/open"), &[("password", WORDS)]).await.status, 303);
        assert!(!visitor.get(path).await.body.contains("Continue this conversation"));

        let (_, out, _) = run(&["links", "show", path], "").await;
        assert!(out.contains("\nasks for   a password\n") && out.contains("\nviews      1 of 3, last "), "{out}");
        assert!(out.contains("\ncopies     0, and no more can be made\n"), "{out}");
        let (code, out, _) = run(&["links", "update", path, "--max-views", "1"], "").await;
        assert!(code == 1 && out.is_empty());
        let (code, _, err) = run(&["links", "update", path, "--no-password", "--max-views", "any", "--continuable", "yes"], "").await;
        assert_eq!((code, err.as_str()), (0, ""));
        assert!(app.anonymous().get(path).await.body.contains("Continue this conversation"));
        let (code, ..) = run(&["links", "update", path, "--password-stdin"], WORDS).await;
        assert_eq!((code, app.anonymous().get(path).await.status), (0, 403));
        // Standard input can't be both.
        let (code, _, err) = run(&["share", "-", "--password-stdin", "--yes"], "x").await;
        assert!(code == 2 && !err.is_empty(), "{code} {err}");
    }
}

#[tokio::test]
async fn the_link_to_an_assistant_has_caps_instead() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let assistant = app.assistant(&owner).await;
    let program = app.program_of(&owner.user).await;
    for (field, value) in [("password", json!(WORDS)), ("max_views", json!(5)), ("allow_continue", json!(false))] {
        let refused = program.post("/v1/shared_links", &json!({"target": {"type": "assistant", "id": assistant}, field: value})).await;
        assert_eq!((refused.status, &refused.json()["error"]["param"]), (400, &json!(field)));
    }
    let plain = json!({"target": {"type": "assistant", "id": assistant}, "password": null, "max_views": null, "allow_continue": true});
    assert_eq!(program.post("/v1/shared_links", &plain).await.status, 200);
}
