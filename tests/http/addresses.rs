//! Addresses and forms that nobody's browser makes.

use reqwest::Method;
use takeback::ids;

use crate::support::{Reply, TestApp};

#[tokio::test]
async fn a_share_address_that_can_t_be_read_looks_like_one_that_never_was() {
    let app = TestApp::start().await;
    app.owner().await;
    let visitor = app.anonymous();
    for surface in ["", "/markdown", "/files/x", "/continue", "/report"] {
        let never = visitor.get(&format!("/share/{}{surface}", ids::token_of(&ids::new("x")))).await;
        assert_eq!(never.status, 404);
        for token in ["%FF", "%00", "3bXk%003bXk", "a%C3"] {
            let reply = visitor.get(&format!("/share/{token}{surface}")).await;
            assert_eq!((reply.status, &reply.bytes), (404, &never.bytes), "{token}{surface}");
            assert_eq!(reply.header("x-robots-tag"), "noindex, nofollow, noarchive", "{token}{surface}");
        }
    }
}

#[tokio::test]
async fn nothing_below_share_is_to_be_indexed_whatever_the_answer() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let link = app.share(&owner.user, &app.small_talk(&owner.user).await).await.path();
    let paths = ["", "/markdown", "/files/x", "/continue", "/report", "/no-such", "/report?x=%00"];
    for path in paths.map(|rest| format!("{link}{rest}")).iter().chain(&["/share/".to_owned(), "/share/a/b/c/d".to_owned()]) {
        for method in [Method::GET, Method::HEAD, Method::POST, Method::DELETE] {
            let reply = Reply::of(app.anonymous().request(method.clone(), path)).await;
            assert_eq!(reply.header("x-robots-tag"), "noindex, nofollow, noarchive", "{method} {path}: {}", reply.status);
        }
    }
    assert_eq!(app.anonymous().get("/signin").await.header("x-robots-tag"), "");
}

#[tokio::test]
async fn an_address_that_can_t_be_read_is_refused_in_our_own_words() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    for path in ["/signin?deleted=x", "/conversations?q=%00", "/?q=a%00b"] {
        let browser = if path.starts_with("/signin") { app.anonymous() } else { owner.client.clone() };
        let reply = browser.get(path).await;
        assert_eq!(reply.status, 400, "{path}");
        assert!(reply.body.contains("Open it without that part."), "{path}: {}", reply.body);
        assert!(!reply.body.contains("expected") && !reply.body.contains("deserialize"), "{path}: {}", reply.body);
    }
    for path in ["/c/%FF", "/c/conv_%00", "/files/%00", "/links/%FF/delete", "/import/%00", "/assets/%FF/app.css"] {
        let reply = owner.get(path).await;
        assert_eq!(reply.status, 404, "{path}");
        assert!(reply.body.contains("This page isn"), "{path}: {}", reply.body);
    }
}

#[tokio::test]
async fn a_form_with_a_character_that_no_text_can_hold_is_refused_and_said() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.small_talk(&owner.user).await;
    let before = app.rows().await;
    for (path, fields) in [
        (format!("/c/{}/rename", talk.id), vec![("title", "a\0b")]),
        (format!("/c/{}/share", talk.id), vec![("title", "\0"), ("author", "name")]),
        ("/settings/profile".to_owned(), vec![("name", "Ada\0"), ("email", "ada@example.org"), ("confirm", "")]),
        ("/signin".to_owned(), vec![("email", "\0"), ("password", "\0")]),
    ] {
        let reply = owner.post_form(&path, &fields).await;
        assert_eq!(reply.status, 400, "{path}: {}", reply.body);
        assert!(reply.body.contains("U+0000"), "{path}: {}", reply.body);
    }
    assert_eq!(app.rows().await, before);
    let title = [("title", "100%00 sure")];
    assert_eq!(owner.post_form(&format!("/c/{}/rename", talk.id), &title).await.status, 303, "text that only looks like it");
}
