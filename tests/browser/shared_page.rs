//! The page that visitors get.

use crate::support::{Browser, TestApp};

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_page_is_readable_and_asks_nobody_else() {
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let talk = app.small_talk(&owner.user).await;
    let link = app.share(&owner.user, &talk).await;
    let Some(browser) = Browser::open(&app).await else { return };

    browser.goto(&link.path()).await;
    browser.sees("How long does green tea steep?").await;
    browser.sees("Two minutes at 75 °C.").await;
    browser.assert_fine("shared-page").await;
    assert_eq!(browser.foreign_requests().await, Vec::<String>::new());
    assert_eq!(browser.complaints().await, Vec::<String>::new());
}
