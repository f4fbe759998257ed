//! Taking back, seen from the visitor's window.

use crate::support::{Browser, TestApp};

const GONE: &str = "This page isn’t here";

#[tokio::test(flavor = "multi_thread")]
async fn a_link_deleted_in_one_window_is_gone_in_the_other() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.small_talk(&owner.user).await;
    let link = app.share(&owner.user, &talk).await;
    let (Some(browser), Some(window)) = (Browser::of(&app, &owner).await, Browser::open(&app).await) else { return };

    window.goto(&link.path()).await;
    window.sees("Two minutes at 75 °C.").await;
    browser.goto("/links").await;
    browser.click(&format!("#{} a[href*='/delete']", link.id)).await;
    browser.press("Delete link").await;
    browser.sees("No links yet").await;
    window.reload().await;
    window.sees(GONE).await;
    assert!(!window.text().await.contains("75 °C"));
    // Nor does the browser's own store of pages bring it back.
    window.goto("/signin").await;
    window.back().await;
    window.sees(GONE).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn delete_all_says_how_many_and_ends_every_one() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let mut paths = Vec::new();
    for _ in 0..3 {
        let talk = app.small_talk(&owner.user).await;
        paths.push(app.share(&owner.user, &talk).await.path());
    }
    let (Some(browser), Some(window)) = (Browser::of(&app, &owner).await, Browser::open(&app).await) else { return };

    browser.goto("/links").await;
    browser.sees("3 links").await;
    browser.click("[popovertarget=links-menu]").await;
    browser.press("Delete all shared links").await;
    browser.sees("3 links").await;
    browser.click("dialog[open] button.danger").await;
    browser.sees("3 links are deleted").await;
    for path in &paths {
        window.goto(path).await;
        window.sees(GONE).await;
    }
    browser.goto("/links").await;
    browser.sees("No links yet").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_the_conversation_takes_its_links_back() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.small_talk(&owner.user).await;
    let link = app.share(&owner.user, &talk).await;
    let (Some(browser), Some(window)) = (Browser::of(&app, &owner).await, Browser::open(&app).await) else { return };

    window.goto(&link.path()).await;
    window.sees("Two minutes at 75 °C.").await;
    browser.goto(&format!("/c/{}", talk.id)).await;
    browser.click("[popovertarget=page-menu]").await;
    browser.press("Delete").await;
    browser.sees("Its shared link stops working at once.").await;
    browser.press("Delete it and its link").await;
    browser.sees("Your conversations will be listed here.").await;
    window.reload().await;
    window.sees(GONE).await;
}
