//! Bringing chats from elsewhere, sharing one, taking it back: the whole way through.

use crate::support::{Browser, TestApp, corpus};

#[tokio::test(flavor = "multi_thread")]
async fn a_real_export_of_chatgpt_comes_in_by_the_page_and_is_shared_and_taken_back() {
    let Some(export) = corpus("chatgpt/librechat-importer/chatgpt-export.json") else { return };
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let (Some(browser), Some(window)) = (Browser::of(&app, &owner).await, Browser::open(&app).await) else { return };

    browser.goto("/import").await;
    browser.choose("input[type=file]", &export).await;
    browser.press("Import").await;
    browser.sees("The import is done").await;
    browser.assert_fine("import-done").await;
    browser.look(1280, "light").await;
    browser.press("Open the newest one").await;
    browser.until("location.pathname.startsWith('/c/conv_')").await;
    browser.sees("Share").await;
    browser.assert_fine("imported-conversation").await;
    browser.look(1280, "light").await;
    assert_eq!(browser.foreign_requests().await, Vec::<String>::new());

    browser.press("Share").await;
    browser.press("Copy link").await;
    browser.sees("The link is live.").await;
    let path = browser.clipboard().await.split_off(format!("http://{}", app.address).len());
    window.goto(&path).await;
    window.sees("Shared anonymously").await;
    window.assert_fine("imported-shared").await;
    assert_eq!(window.foreign_requests().await, Vec::<String>::new());
    assert_eq!(window.complaints().await, Vec::<String>::new());

    browser.goto("/links").await;
    browser.click("#links-rows a[href*='/delete']").await;
    browser.press("Delete link").await;
    browser.sees("No links yet").await;
    window.reload().await;
    window.sees("This page isn’t here").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
}
