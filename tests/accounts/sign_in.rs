//! Coming in and going out.

use std::time::{Duration, Instant};

use futures_util::FutureExt;
use sqlx::Executor;
use takeback::accounts::passwords;
use takeback::storage::dialect::Dialect;

use super::{ANOTHER, is_in, sign_in};
use crate::support::{PASSWORD, Stopwatch, TestApp};

#[tokio::test]
async fn the_right_password_comes_in_and_signing_out_ends_the_session_itself() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let (browser, reply) = sign_in(&app, " ADA.quillfeather@example.org ", PASSWORD).await;
    assert_eq!((reply.status, reply.location()), (303, "/"));
    assert!(is_in(&browser).await);

    // A copy of the cookie, as a thief would have it.
    let (name, secret) = reply.header("set-cookie").split(';').next().unwrap().split_once('=').unwrap();
    let thief = app.anonymous();
    thief.set_cookie(name, secret);
    assert!(is_in(&thief).await);
    assert_eq!(browser.post_form("/signout", &[]).await.location(), "/signin");
    assert!(!is_in(&browser).await && !is_in(&thief).await);
    assert!(is_in(&owner).await, "the other device stays");
    assert_eq!(browser.post_form("/signout", &[]).await.location(), "/signin", "twice is once");
}

#[tokio::test]
async fn an_unknown_account_gets_the_bytes_of_a_wrong_password_and_takes_as_long() {
    let app = TestApp::start_with(|config| config.sign_in_attempts_per_minute = 10_000).await;
    app.owner().await;
    let (_, known) = sign_in(&app, "ada.quillfeather@example.org", ANOTHER).await;
    let (_, unknown) = sign_in(&app, "bob.quillfeather@example.org", ANOTHER).await;
    assert_eq!((known.status, unknown.status), (400, 400));
    let masked = |body: &str| body.replace("ada.quill", "bob.quill");
    assert_eq!(masked(&known.body), masked(&unknown.body));
    let mut names = [&known, &unknown].map(|r| r.headers.keys().map(ToString::to_string).collect::<Vec<_>>());
    for names in &mut names {
        names.sort();
    }
    assert_eq!(names[0], names[1]);

    // Interleaved, and the quickest of each: what is left is the work itself.
    let mut quickest = [Duration::MAX; 3];
    let told_apart = |[known, unknown, _]: [Duration; 3]| known.abs_diff(unknown) >= known.max(unknown) / 3;
    for round in 0..120 {
        // A busy machine needs more of them until a quick one is among them.
        if round >= 12 && !told_apart(quickest) {
            break;
        }
        for (at, email) in ["ada.quillfeather@example.org", "bob.quillfeather@example.org"].into_iter().enumerate() {
            let began = Instant::now();
            sign_in(&app, email, ANOTHER).await;
            quickest[at] = quickest[at].min(began.elapsed());
        }
        let began = Instant::now();
        app.anonymous().get("/signin").await;
        quickest[2] = quickest[2].min(began.elapsed());
    }
    let [_, unknown, page] = quickest;
    assert!(unknown > page * 2, "an unknown account is answered without a hashing: {quickest:?}");
    assert!(!told_apart(quickest), "the times tell them apart: {quickest:?}");
}

#[tokio::test]
async fn an_account_without_a_password_lets_nobody_in() {
    let app = TestApp::start().await;
    assert!(!passwords::verify(&app.hashing, "", Some("")).await.unwrap());
    assert!(!passwords::verify(&app.hashing, "", None).await.unwrap());
    assert!(!passwords::verify(&app.hashing, &"x".repeat(1_000_000), Some(&password_auth::generate_hash(""))).await.unwrap());
}

#[tokio::test]
async fn next_leads_on_but_never_off_this_server() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let form = |next: &'static str| [("email", "ada.quillfeather@example.org"), ("password", PASSWORD), ("next", next)];
    let page = app.anonymous().get("/settings/people?after=x").await;
    assert_eq!(page.location(), "/signin?next=%2Fsettings%2Fpeople%3Fafter%3Dx");
    let page = app.anonymous().get(page.location()).await;
    assert!(page.body.contains("name=\"next\" value=\"/settings/people?after=x\""), "{}", page.body);
    assert_eq!(app.anonymous().post_form("/signin", &form("/share/abc/continue")).await.location(), "/share/abc/continue");
    for foreign in ["//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example", "javascript:alert(1)", "evil"] {
        assert_eq!(app.anonymous().post_form("/signin", &form(foreign)).await.location(), "/", "{foreign:?}");
        let encoded: String = foreign.bytes().flat_map(|b| ['%', hex(b >> 4), hex(b & 15)]).collect();
        assert!(!app.anonymous().get(&format!("/signin?next={encoded}")).await.body.contains("name=\"next\""), "{foreign:?}");
        assert_eq!(owner.get(&format!("/signin?next={encoded}")).await.location(), "/", "{foreign:?}");
    }
    assert_eq!(owner.get("/signin?next=/links").await.location(), "/links", "who is in is sent on");
}

#[tokio::test]
async fn signing_in_ends_the_session_that_the_browser_came_with() {
    let app = TestApp::start().await;
    app.owner().await;
    let (attacker, reply) = sign_in(&app, "ada.quillfeather@example.org", PASSWORD).await;
    let (name, planted) = reply.header("set-cookie").split(';').next().unwrap().split_once('=').unwrap();
    let victim = app.anonymous();
    victim.set_cookie(name, planted);
    let reply = victim.post_form("/signin", &[("email", "ada.quillfeather@example.org"), ("password", PASSWORD)]).await;
    assert!(!reply.header("set-cookie").contains(planted));
    assert!(is_in(&victim).await);
    assert!(!is_in(&attacker).await);
}

#[tokio::test]
async fn a_session_ends_when_nobody_used_it_for_a_month_and_its_row_is_swept() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    app.advance(Duration::from_hours(29 * 24));
    assert!(is_in(&owner).await);
    app.advance(Duration::from_hours(29 * 24));
    assert!(is_in(&owner).await, "using it keeps it");
    app.advance(Duration::from_hours(30 * 24));
    assert!(!is_in(&owner).await);
    takeback::jobs::sweep::run(&app).await.unwrap();
    assert_eq!(super::count(&app, "SELECT COUNT(*) FROM sessions").await, 0);
}

#[tokio::test]
async fn the_cookie_is_sent_again_when_its_session_lives_longer() {
    let app = TestApp::start().await;
    app.owner().await;
    let (browser, reply) = sign_in(&app, "ada.quillfeather@example.org", PASSWORD).await;
    let cookie = reply.header("set-cookie").to_owned();
    assert!(cookie.contains("Max-Age=2592000") && cookie.contains("HttpOnly"), "{cookie}");
    app.advance(Duration::from_mins(4));
    assert_eq!(browser.get("/settings").await.header("set-cookie"), "", "not with every request");
    app.advance(Duration::from_mins(2));
    assert_eq!(browser.get("/settings").await.header("set-cookie"), cookie);
    assert_eq!(browser.get("/settings").await.header("set-cookie"), "");
    app.advance(Duration::from_mins(6));
    let left = browser.post_form("/signout", &[]).await;
    let sent: Vec<_> = left.headers.get_all("set-cookie").iter().map(|sent| sent.to_str().unwrap()).collect();
    assert!(sent.len() == 1 && sent[0].contains("Max-Age=0"), "{sent:?}");
}

#[tokio::test]
async fn a_fault_of_the_database_is_not_called_a_wrong_password() {
    let app = TestApp::start().await;
    app.owner().await;
    let fault = match app.db.dialect() {
        Dialect::Sqlite => "CREATE TRIGGER fault BEFORE UPDATE ON users BEGIN SELECT RAISE(ABORT, 'a fault'); END",
        Dialect::Postgres => {
            "CREATE FUNCTION fault() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'a fault'; END $$ LANGUAGE plpgsql; \
             CREATE TRIGGER fault BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION fault()"
        }
    };
    app.db.dedicated().await.unwrap().execute(sqlx::raw_sql(fault)).await.unwrap();
    let (_, reply) = sign_in(&app, "ada.quillfeather@example.org", PASSWORD).await;
    assert_eq!(reply.status, 500);
    assert!(!reply.body.contains("a fault"), "{}", reply.body);
}

#[tokio::test]
async fn hashing_never_takes_more_than_two_places_whoever_hangs_up() {
    let app = TestApp::start_with(|config| config.sign_in_attempts_per_minute = 10_000).await;
    // Dropped at once, like a client that closes its connection: the permit stays with the work. Were it given back
    // with the request, it would never be seen missing; a slow machine may end the work before we look.
    let mut held = 0;
    for _ in 0..400 {
        let _ = passwords::hash(&app.hashing, ANOTHER).now_or_never();
        held = held.max(2 - app.hashing.available_permits());
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(held, 2, "who hangs up frees a place that is still at work");
    // Those that never began stand in nobody's way.
    let began = Stopwatch::start();
    passwords::hash(&app.hashing, ANOTHER).await.unwrap();
    began.assert_within(Duration::from_secs(5));
}

fn hex(digit: u8) -> char {
    char::from_digit(u32::from(digit), 16).unwrap()
}
