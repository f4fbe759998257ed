//! The field and what it shows: any question has an answer, hostile words are text.

use super::{Shown, search};
use crate::support::{TestApp, encode};

#[tokio::test]
async fn no_question_is_an_error() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    app.indexed(&owner.user, "50% OFF_code \\ ÄPFEL", &[("user", "near and not or")]).await;
    let long = "x".repeat(10_000);
    let many = "w ".repeat(2_000);
    let questions = [
        "?",
        "*",
        "\"",
        "\"\"",
        "'",
        "''; DROP TABLE users; --",
        "NEAR",
        "NEAR(",
        "a NEAR/5 b",
        "AND",
        "OR",
        "NOT x",
        "-x",
        "x*",
        "^x",
        "title:x",
        "(",
        "{x y}: z",
        "🍵",
        "👩‍👩‍👧",
        "%",
        "_",
        "%_\\",
        "&|!",
        "a & !b",
        "a:*",
        "<->",
        "\u{202e}x",
        "\u{301}",
        "ﷺ",
        " ",
        "\t\n",
        "/",
        "=",
        "\u{10ffff}",
        &long,
        &many,
    ];
    for question in questions {
        for path in ["/conversations", "/"] {
            let reply = owner.get(&format!("{path}?q={}", encode(question))).await;
            assert_eq!(reply.status, 200, "{path} {question:?}: {}", reply.body);
        }
    }
    // As everywhere in an address, in words.
    assert_eq!(owner.get("/conversations?q=a%00b").await.status, 400);
    // Signs are nothing to search for, and never commands.
    for question in ["*", "%", "\"", "🍵"] {
        assert_eq!(search(&owner, question).await, Shown::default(), "{question}");
        let said = owner.fragment(&format!("/conversations?q={}", encode(question))).await.body;
        assert!(said.contains("has no letter or number to search for"), "{said}");
    }
    for question in ["50%", "off_", "off_code", "äpfel", "APFEL", "50% OFF_code"] {
        assert_eq!(search(&owner, question).await.titles.len(), 1, "{question}");
    }
    for question in ["NEAR(and, 5)", "o*e", "not \"or\" x", "a_c", "5%0"] {
        assert_eq!(search(&owner, question).await, Shown::default(), "{question}");
    }
    assert_eq!(search(&owner, "NOT near").await.messages.len(), 1);
    let none = owner.fragment("/conversations?q=nothing%3Cb%3E").await.body;
    assert!(none.contains("Nothing found for “nothing&#60;b&#62;”"), "{none}");
}

#[tokio::test]
async fn what_is_found_is_text() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let hostile = "<img src=x onerror=alert(1)> tea <script>alert(2)</script> </mark></a> \" onclick='x'";
    app.indexed(&owner.user, "<b>tea</b>", &[("user", hostile)]).await;
    let body = owner.fragment("/conversations?q=tea").await.body;
    assert!(!body.contains("<img") && !body.contains("<script") && !body.contains("<b>tea"), "{body}");
    let found = search(&owner, "tea").await;
    assert_eq!(found.snippets, [format!("You: {}", hostile.replace("tea", "[tea]"))]);
    // The marked words themselves too.
    let marked = owner.fragment("/conversations?q=img+src").await.body;
    assert!(marked.contains("&#60;<mark>img</mark> <mark>src</mark>=x"), "{marked}");
}

#[tokio::test]
async fn without_script_the_start_page_shows_what_was_found() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.indexed(&owner.user, "Tea", &[("user", "green tea")]).await;
    let page = owner.get("/?q=green").await.body;
    assert!(page.contains(&format!("/c/{}?at={}#at", talk.id, talk.messages[0])), "{page}");
    assert!(page.contains("<mark>green</mark>") && page.contains("value=\"green\""), "{page}");
    assert!(page.contains("Found 0 titles and 1 message."), "{page}");
}

#[tokio::test]
async fn a_made_up_cursor_is_refused_in_words() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    for path in ["/conversations?q=x&part=messages&after=conv_x", "/conversations?q=x&part=titles&after=1"] {
        assert_eq!(owner.fragment(path).await.status, 400, "{path}");
    }
    assert_eq!(owner.fragment("/conversations?q=x&part=nonsense").await.status, 400);
}
