//! First run makes the administrator, and one only.

use takeback::jobs::runner;

use super::{ANOTHER, count, is_in, sign_in};
use crate::support::TestApp;

const ADA: [(&str, &str); 3] = [("name", "Ada"), ("email", "Ada@Example.org"), ("password", ANOTHER)];

#[tokio::test]
async fn the_first_visitor_makes_the_administrator() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    for path in ["/settings", "/signin", "/signup"] {
        assert_eq!(browser.get(path).await.location(), "/setup", "{path}");
    }
    let page = browser.get("/setup").await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("At least 10 characters"), "the rule is said before the person fails");

    let made = browser.post_form("/setup", &ADA).await;
    assert_eq!((made.status, made.location()), (303, "/"));
    assert!(made.header("set-cookie").contains("HttpOnly") && made.header("set-cookie").contains("SameSite=Lax"));
    let people = browser.get("/settings/people").await;
    assert_eq!(people.status, 200, "the first account runs the server");
    assert!(people.body.contains("Ada@Example.org"));

    let later = app.anonymous();
    assert_eq!(later.get("/setup").await.location(), "/signin");
    let second = later.post_form("/setup", &[("name", "Eve"), ("email", "eve@example.org"), ("password", ANOTHER)]).await;
    assert_eq!((second.status, second.location(), second.header("set-cookie")), (303, "/signin", ""));
    assert_eq!(count(&app, "SELECT COUNT(*) FROM users").await, 1);
    assert!(is_in(&sign_in(&app, "ada@example.ORG", ANOTHER).await.0).await, "the address is one whatever its case");
}

#[tokio::test]
async fn two_first_visitors_at_once_make_one_administrator() {
    for _ in 0..3 {
        let app = TestApp::start().await;
        let visits = (0..6).map(|n| {
            let browser = app.anonymous();
            let email = format!("first{n}@example.org");
            async move { browser.post_form("/setup", &[("name", "First"), ("email", &email), ("password", ANOTHER)]).await }
        });
        let replies = futures_util::future::join_all(visits).await;
        assert_eq!(replies.iter().filter(|r| r.location() == "/").count(), 1);
        assert_eq!(replies.iter().filter(|r| r.location() == "/signin").count(), 5);
        assert_eq!(count(&app, "SELECT COUNT(*) FROM users").await, 1);
        assert_eq!(count(&app, "SELECT COUNT(*) FROM sessions").await, 1);
    }
}

#[tokio::test]
async fn a_form_that_will_not_do_comes_back_with_what_was_typed_but_never_the_password() {
    let app = TestApp::start().await;
    for (fields, words) in [
        ([("name", ""), ("email", "ada@example.org"), ("password", ANOTHER)], "The name is empty"),
        ([("name", "Ada"), ("email", "ada"), ("password", ANOTHER)], "looks like ada@example.org"),
        ([("name", "Ada"), ("email", "ada@example.org"), ("password", "ninechars")], "Use at least 10"),
        ([("name", "Ada"), ("email", "ada@example.org"), ("password", "Ada@Example.org")], "your name or your e-mail"),
    ] {
        let reply = app.anonymous().post_form("/setup", &fields).await;
        assert_eq!(reply.status, 400);
        assert!(reply.body.contains(words), "{words}: {}", reply.body);
        assert!(reply.body.contains(&format!("value=\"{}\"", fields[1].1)));
        assert!(!reply.body.contains(fields[2].1) || fields[2].1.eq_ignore_ascii_case(fields[1].1), "the password comes back");
    }
    assert_eq!(count(&app, "SELECT COUNT(*) FROM users").await, 0);
    assert_eq!(app.anonymous().get("/setup").await.status, 200, "a failed set-up leaves the door open");
}

#[tokio::test]
async fn after_the_last_account_went_a_stranger_does_not_become_the_administrator() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    browser.post_form("/setup", &ADA).await;
    let gone = browser.post_form("/settings/delete-account", &[("password", ANOTHER)]).await;
    assert_eq!(gone.location(), "/signin?deleted=true");
    runner::run_due(&app).await.unwrap();
    let app = app.restart().await;
    app.finish_jobs().await;
    assert_eq!(count(&app, "SELECT COUNT(*) FROM users").await, 0);
    assert_eq!(app.anonymous().get("/setup").await.location(), "/signin");
    let reply = app.anonymous().post_form("/setup", &ADA).await;
    assert_eq!((reply.location(), reply.header("set-cookie")), ("/signin", ""));
}
