//! Searching as a person does it: by the keys, while typing, to the very message.

use std::time::Duration;

use serde_json::json;

use crate::support::{Browser, TestApp};

impl Browser {
    async fn key(&self, key: &str) {
        for kind in ["rawKeyDown", "keyUp"] {
            let code = if key == "Enter" { 13 } else { 0 };
            let text = if key == "Enter" { "\r" } else { "" };
            let kind = if kind == "rawKeyDown" && key == "Enter" { "keyDown" } else { kind };
            self.cdp("Input.dispatchKeyEvent", json!({"type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code, "text": text}))
                .await;
        }
    }

    async fn waits_for(&self, expression: &str) {
        for _ in 0..500 {
            if self.eval(expression).await == true {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("never: {expression}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_leads_by_keys_alone_to_a_message_far_back() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let messages: Vec<String> = (0..300).map(|n| format!("Message number{n} of a long talk about **green** tea.")).collect();
    let messages: Vec<(&str, &str)> =
        messages.iter().enumerate().map(|(n, text)| (if n % 2 == 0 { "user" } else { "assistant" }, text.as_str())).collect();
    let talk = app.indexed(&owner.user, "A long talk", &messages).await;
    app.indexed(&owner.user, "Green apples", &[("user", "Are they sour?"), ("assistant", "These are green, and yes.")]).await;
    let Some(browser) = Browser::of(&app, &owner).await else { return };
    browser.look(1280, "light").await;
    browser.goto("/").await;
    browser.click("h1").await;
    browser.key("/").await;
    browser.waits_for("document.activeElement.id === 'q'").await;
    browser.cdp("Input.insertText", json!({"text": "gre"})).await;
    browser.waits_for("document.querySelectorAll('.hit mark').length === 2").await;
    assert_eq!(browser.eval("document.activeElement.id").await, "q", "the field keeps the focus");
    assert_eq!(browser.eval("document.querySelector('.search [role=status]').textContent").await, "Found 1 title and 2 messages.");
    browser.assert_fine("search").await;
    browser.look(1280, "light").await;

    browser.fill("#q", "number17").await;
    browser
        .waits_for("document.querySelectorAll('.hit').length === 1 && document.querySelector('.hit').innerText.includes('number179')")
        .await;
    // At once: a pause between two keys would be a search of its own.
    browser.eval("document.querySelector('#q').select()").await;
    browser.cdp("Input.insertText", json!({"text": "number17 talk"})).await;
    browser
        .waits_for("document.querySelectorAll('.hit').length === 1 && document.querySelector('.hit').innerText.includes('number17 ')")
        .await;
    browser.key("ArrowDown").await;
    browser.waits_for("document.activeElement.closest('.hit') !== null").await;
    browser.key("ArrowUp").await;
    browser.waits_for("document.activeElement.id === 'q'").await;
    browser.key("ArrowDown").await;
    browser.key("Enter").await;
    browser.sees("This is an earlier part of the conversation.").await;
    assert_eq!(browser.path().await, format!("/c/{}?at={}#at", talk.id, talk.messages[17]));
    let place =
        "(({top, bottom}) => top >= 0 && bottom <= innerHeight)(document.querySelector('#at').parentElement.getBoundingClientRect())";
    browser.waits_for(place).await;
    assert_eq!(browser.eval("document.querySelector('#at').parentElement.innerText.includes('number17 ')").await, true);
    browser.assert_fine("search-place").await;
    browser.look(1280, "light").await;
    browser.press("Go to its end").await;
    browser.sees("number299").await;

    browser.fill("#q", "nothing at all").await;
    browser.sees("Nothing found for “nothing at all”.").await;
    browser.assert_fine("search-none").await;
    for (name, path) in [("search-narrow", "/?q=gre#sidebar"), ("search-narrow-none", "/?q=%3F#sidebar")] {
        browser.goto(path).await;
        browser.assert_fine(name).await;
    }
    assert_eq!(browser.foreign_requests().await, Vec::<String>::new());
    assert_eq!(browser.complaints().await, Vec::<String>::new());
}
