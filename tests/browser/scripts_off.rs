//! With scripts switched off everything that matters still works: pages read, forms send.

use crate::support::{Browser, TestApp};

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_page_reads_without_scripts() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.talk(&owner.user, "Everything at once", &[("user", "Show me"), ("assistant", include_str!("much.md"))]).await;
    let link = app.share(&owner.user, &talk).await;
    let Some(browser) = Browser::open(&app).await else { return };

    browser.without_scripts().await;
    browser.goto(&link.path()).await;
    for words in ["Everything at once", "Shared anonymously", "A quotation", "1,234,567.89", "fn main()", "Continue this conversation"] {
        browser.sees(words).await;
    }
    browser.screenshot("shared-page-without-scripts").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sharing_and_taking_back_work_without_scripts() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.small_talk(&owner.user).await;
    let (Some(browser), Some(window)) = (Browser::of(&app, &owner).await, Browser::open(&app).await) else { return };

    browser.without_scripts().await;
    browser.goto(&format!("/c/{}", talk.id)).await;
    browser.press("Share").await;
    browser.press("Copy link").await;
    browser.sees("The link is live.").await;
    let path = browser.attribute("#made-url", "value").await.split_off(format!("http://{}", app.address).len());
    window.goto(&path).await;
    window.sees("Two minutes at 75 °C.").await;

    browser.goto("/links").await;
    browser.click("#links-rows a[href*='/delete']").await;
    browser.press("Delete link").await;
    browser.sees("No links yet").await;
    window.reload().await;
    window.sees("This page isn’t here").await;
}
