//! Webhooks as a person makes and watches them.

use std::time::Duration;

use serde_json::json;

use crate::support::{Actor, Browser, Receiver, TestApp};

async fn start() -> TestApp {
    TestApp::start_with(|config| config.private_webhooks = true).await
}

/// Waits until so many things were told and what came of it is written down.
async fn settled(app: &TestApp, receiver: &Receiver, count: usize) {
    receiver.heard(count).await;
    let busy = async || -> i64 {
        let query = "SELECT COUNT(*) FROM jobs WHERE kind = 'deliver' AND (run_at <= $1 OR leased_until > $1)";
        sqlx::query_scalar(query).bind(app.now()).fetch_one(app.db.reader()).await.unwrap()
    };
    while busy().await > 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Makes one by hand; answers its secret.
async fn make(browser: &Browser, name: &str, url: &str) -> String {
    browser.goto("/settings/webhooks").await;
    browser.fill("#name", name).await;
    browser.fill("#url", url).await;
    browser.press("Make the webhook").await;
    browser.sees("This is its signing secret.").await;
    browser.attribute("#secret", "value").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_is_made_tested_paused_and_told_again() {
    let app = start().await;
    let owner = app.owner().await;
    let receiver = Receiver::start().await;
    let Some(browser) = Browser::of(&app, &owner).await else { return };
    let secret = make(&browser, "Dashboard", &receiver.url()).await;
    browser.press("Copy").await;
    browser.sees("Copied").await;
    assert_eq!(browser.clipboard().await, secret);

    browser.press("Send the test").await;
    browser.sees("It answered 204: it took the test.").await;
    assert!(receiver.heard(1).await[0].is_signed_with(&secret));
    assert_eq!(browser.eval("document.activeElement.textContent").await, "Send the test", "the focus stays");

    browser.goto("/settings/webhooks").await;
    browser.press("Dashboard").await;
    browser.sees("Nothing yet.").await;
    assert!(!browser.text().await.contains(&secret));
    receiver.answer_next(&[500]);
    receiver.hold();
    let talk = app.small_talk(&owner.user).await;
    app.share(&owner.user, &talk).await;
    receiver.heard(2).await;
    browser.reload().await;
    browser.sees("on its way").await;
    receiver.release();
    // The page sees by itself what came of it.
    browser.sees("tried again later").await;
    settled(&app, &receiver, 2).await;
    browser.click("button[title='Send now']").await;
    browser.sees("It is sent once more.").await;
    app.advance(Duration::from_secs(6));
    app.jobs.wake_deliveries();
    settled(&app, &receiver, 3).await;
    browser.sees("delivered").await;

    browser.press("Pause").await;
    browser.sees("What happens meanwhile is not sent later.").await;
    app.share(&owner.user, &talk).await;
    browser.press("Switch on").await;
    browser.sees("It is on: what happens from now on is sent.").await;

    browser.press("Make a new secret").await;
    browser.sees("Make a new secret?").await;
    browser.press("Make it").await;
    browser.sees("The new secret").await;
    let new = browser.attribute("dialog #secret", "value").await;
    assert!(new.starts_with("whsec_") && new != secret);
    browser.press("Done").await;
    browser.until("!document.querySelector('dialog[open]')").await;
    app.share(&owner.user, &talk).await;
    let both = receiver.heard(4).await.remove(3);
    assert!(both.is_signed_with(&secret) && both.is_signed_with(&new));

    browser.press("Delete the webhook").await;
    browser.sees("Delete this webhook?").await;
    browser.press("Delete").await;
    browser.sees("The webhook is deleted.").await;
    browser.sees("None yet.").await;
    assert_eq!(browser.foreign_requests().await, Vec::<String>::new());
    assert_eq!(browser.complaints().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn it_works_with_scripts_switched_off() {
    let app = start().await;
    let owner = app.owner().await;
    let receiver = Receiver::start().await;
    let Some(browser) = Browser::of(&app, &owner).await else { return };
    browser.without_scripts().await;
    let secret = make(&browser, "Dashboard", &receiver.url()).await;
    browser.press("Send the test").await;
    browser.sees("It answered 204: it took the test.").await;
    assert!(receiver.heard(1).await[0].is_signed_with(&secret));
    browser.press("Make a new secret").await;
    browser.press("Make it").await;
    browser.sees("This is its signing secret.").await;
    browser.press("Delete the webhook").await;
    browser.press("Delete").await;
    browser.sees("The webhook is deleted.").await;
}

/// One that took something, one that is tried again, one that was given up.
async fn much(app: &TestApp, owner: &Actor, receiver: &Receiver, id: &str) {
    let talk = app.small_talk(&owner.user).await;
    let link = app.share(&owner.user, &talk).await.id;
    settled(app, receiver, 1).await;
    app.advance(Duration::from_secs(3_600));
    receiver.redirect_next(302, "https://example.org/");
    takeback::links::revoke::delete(app, &owner.user.id, &link, takeback::audit::Via::Web).await.unwrap();
    settled(app, receiver, 2).await;
    let query = "UPDATE webhook_deliveries SET state = 'failed', attempts = 8 WHERE state = 'waiting' AND endpoint_id = $1";
    app.run(query, id).await;
    app.advance(Duration::from_secs(7_200));
    receiver.answer_next(&[503]);
    app.share(&owner.user, &talk).await;
    settled(app, receiver, 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn its_pages_are_fine_in_every_look() {
    let app = start().await;
    let owner = app.owner().await;
    let program = app.program_of(&owner.user).await;
    let receiver = Receiver::start().await;
    let Some(browser) = Browser::of(&app, &owner).await else { return };
    browser.goto("/settings/webhooks").await;
    browser.assert_fine("webhooks-empty").await;
    let make = async |name: &str, url: &str, enabled: bool| {
        let all = ["shared_link.created", "shared_link.updated", "shared_link.deleted", "shared_link.expired"];
        let body = json!({"name": name, "url": url, "event_types": all, "enabled": enabled});
        program.post("/v1/webhook_endpoints", &body).await.json()["id"].as_str().unwrap().to_owned()
    };
    let id = make("Dashboard of the laboratory", &receiver.url(), true).await;
    browser.goto(&format!("/settings/webhooks/{id}")).await;
    browser.assert_fine("webhook-new").await;
    much(&app, &owner, &receiver, &id).await;
    make(&"Long-name-".repeat(6), &format!("https://example.org/{}", "and-on-".repeat(40)), false).await;
    make("עברית", "https://example.org/?q=1", true).await;
    let gone = make("<b>markup</b>", "https://example.org/", true).await;
    app.run("UPDATE webhook_endpoints SET state = 'gone' WHERE id = $1", &gone).await;
    browser.goto("/settings/webhooks").await;
    browser.assert_fine("webhooks").await;
    browser.goto(&format!("/settings/webhooks/{id}")).await;
    browser.assert_fine("webhook").await;
    browser.goto(&format!("/settings/webhooks/{gone}")).await;
    browser.assert_fine("webhook-gone").await;
    browser.goto(&format!("/settings/webhooks/{id}")).await;
    browser.press("Send the test").await;
    browser.sees("It answered 204").await;
    browser.press("Make a new secret").await;
    browser.sees("Make a new secret?").await;
    browser.assert_fine("dialog-webhook-secret").await;
    browser.press("Make it").await;
    browser.sees("The new secret").await;
    browser.assert_fine("dialog-webhook-rotated").await;
    browser.press("Done").await;
    browser.until("!document.querySelector('dialog[open]')").await;
    browser.press("Delete the webhook").await;
    browser.sees("Delete this webhook?").await;
    browser.assert_fine("dialog-webhook-delete").await;
    assert_eq!(browser.foreign_requests().await, Vec::<String>::new());
}
