//! The first visit to a new server.

use crate::support::{Browser, PASSWORD, TestApp};

#[tokio::test(flavor = "multi_thread")]
async fn the_first_visitor_makes_the_account_that_runs_the_server() {
    let app = TestApp::start().await;
    let Some(browser) = Browser::open(&app).await else { return };

    browser.goto("/").await;
    assert_eq!(browser.path().await, "/setup");
    browser.fill("#name", "Ada Quillfeather").await;
    browser.fill("#email", "ada@example.org").await;
    browser.fill("#password", PASSWORD).await;
    browser.press("Create the account").await;
    browser.sees("Share a chat. Take it back.").await;
    assert_eq!(browser.path().await, "/");

    browser.press("Make the sample").await;
    browser.until("location.pathname.startsWith('/c/conv_')").await;
    browser.sees("Share").await;
    browser.goto("/settings/people").await;
    browser.sees("ada@example.org").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());

    let Some(visitor) = Browser::open(&app).await else { return };
    visitor.goto("/setup").await;
    assert_eq!(visitor.path().await, "/signin");
    visitor.fill("#email", "ada@example.org").await;
    visitor.fill("#password", PASSWORD).await;
    visitor.press("Sign in").await;
    visitor.sees("New chat").await;
    assert_eq!(visitor.path().await, "/");
}
