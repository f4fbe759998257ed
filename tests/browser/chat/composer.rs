//! The field where a person writes.

use serde_json::json;

use super::{IDLE, LAST, ROWS, Scene};
use crate::support::Script;

const DRAFT: &str = "document.getElementById('text').value";

#[tokio::test(flavor = "multi_thread")]
async fn enter_sends_and_shift_enter_breaks_the_line() {
    let Some(scene) = Scene::open().await else { return };
    let browser = &scene.browser;
    browser.goto("/").await;
    browser.until("document.activeElement.id === 'text'").await;
    let low = browser.number("document.getElementById('text').clientHeight").await;
    browser.keys("one").await;
    browser.keys(thirtyfour::Key::Shift + "\u{e007}").await;
    browser.keys("two").await;
    assert_eq!(browser.eval(DRAFT).await, "one\ntwo");
    assert!(browser.number("document.getElementById('text').clientHeight").await > low, "the field grows");
    // Enter takes a word of an input method; it does not send.
    let composing = "document.getElementById('text').dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true }))";
    assert_eq!(browser.eval(composing).await, true);
    assert_eq!(browser.path().await, "/");
    scene.upstream.answer_next(Script::says("Heard."));
    browser.keys("\u{e007}").await;
    browser.until(&format!("{ROWS}.length === 2 && {IDLE} && {LAST} === 'Heard.'")).await;
    assert_eq!(browser.rows().await[0], "one\ntwo");
    assert_eq!(browser.eval(DRAFT).await, "");
    scene.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_survives_a_reload_and_belongs_to_its_conversation() {
    let Some(scene) = Scene::open().await else { return };
    scene.begun().await;
    let browser = &scene.browser;
    browser.keys("half a thought").await;
    browser.reload().await;
    assert_eq!(browser.eval(DRAFT).await, "half a thought");
    let path = browser.path().await;
    browser.goto("/").await;
    assert_eq!(browser.eval(DRAFT).await, "");
    browser.goto(&path).await;
    assert_eq!(browser.eval(DRAFT).await, "half a thought");
}

/// It appears at once; if it was not accepted, the page says so and the words are back where they were written.
#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_was_not_accepted_comes_back() {
    let Some(scene) = Scene::open().await else { return };
    scene.begun().await;
    let browser = &scene.browser;
    // In the words of the server …
    browser.eval("document.querySelector('#model option').value = 'gone/model'").await;
    browser.say("Is anybody there?").await;
    browser.sees("This model isn’t available any more").await;
    assert_eq!(browser.eval(DRAFT).await, "Is anybody there?");
    assert_eq!(browser.eval("document.querySelectorAll('.turn-row').length").await, 2);

    // … and when there is none.
    browser.reload().await;
    assert_eq!(browser.eval(DRAFT).await, "Is anybody there?");
    browser.fill("#text", "").await;
    let offline = |yes: bool| json!({"offline": yes, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1});
    browser.cdp("Network.enable", json!({})).await;
    browser.cdp("Network.emulateNetworkConditions", offline(true)).await;
    browser.say("into the void").await;
    browser.sees("Not sent. The server did not answer").await;
    assert_eq!(browser.eval(DRAFT).await, "into the void");
    assert_eq!(browser.eval("document.querySelectorAll('.turn-row').length").await, 2);
    browser.cdp("Network.emulateNetworkConditions", offline(false)).await;
    scene.upstream.answer_next(Script::says("Heard."));
    browser.keys("\u{e007}").await;
    browser.until(&format!("{ROWS}.length === 4 && {IDLE} && {LAST} === 'Heard.'")).await;
    browser.until("document.getElementById('composer-says').hidden").await;
}

/// At once: the message stands on the page while the server has not said a word about it.
#[tokio::test(flavor = "multi_thread")]
async fn a_message_appears_before_the_server_answers() {
    let Some(scene) = Scene::open().await else { return };
    scene.begun().await;
    let browser = &scene.browser;
    browser.eval("window.sent = fetch, window.fetch = (...a) => new Promise(go => window.go = go).then(() => window.sent(...a))").await;
    browser.say("Right away").await;
    browser.until("document.querySelector('.sending')?.innerText.includes('Right away')").await;
    assert_eq!(browser.eval(DRAFT).await, "");
    scene.upstream.answer_next(Script::says("Heard."));
    browser.eval("window.go()").await;
    browser.until(&format!("{ROWS}.length === 4 && {IDLE} && {LAST} === 'Heard.'")).await;
    assert_eq!(browser.rows().await[2], "Right away");
    scene.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sending_works_without_scripts() {
    let Some(scene) = Scene::open().await else { return };
    let browser = &scene.browser;
    browser.without_scripts().await;
    browser.goto("/").await;
    scene.upstream.answer_next(Script::says("Two minutes."));
    browser.fill("#text", "How long?").await;
    browser.click("#send").await;
    browser.sees("How long?").await;
    let path = browser.path().await;
    assert!(path.starts_with("/c/"), "{path}");
    let id = path.strip_prefix("/c/").unwrap();
    scene.app.answered(id).await;
    browser.reload().await;
    browser.sees("Two minutes.").await;

    scene.upstream.answer_next(Script::says("Three.").hold_before(0));
    browser.fill("#text", "And black tea?").await;
    browser.click("#send").await;
    browser.sees("And black tea?").await;
    browser.click("#stop").await;
    scene.app.answered(id).await;
    browser.reload().await;
    browser.sees("This answer was stopped").await;
    browser.press("Try again").await;
    browser.until("document.querySelector('.branches')").await;
    scene.app.answered(id).await;
    browser.reload().await;
    browser.sees("A scripted answer.").await;
    browser.sees("2/2").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_do_what_the_list_says() {
    let Some(scene) = Scene::open().await else { return };
    scene.begun().await;
    let browser = &scene.browser;
    browser.keys("\u{e00c}").await;
    browser.until("document.activeElement === document.body").await;
    browser.keys("c").await;
    browser.sees("Copied").await;
    assert_eq!(browser.clipboard().await.trim(), "Two minutes at 75 °C.");
    browser.keys("w").await;
    browser.until("document.activeElement.id === 'text'").await;
    assert_eq!(browser.eval(DRAFT).await, "");
    browser.keys("\u{e013}").await;
    browser.until("document.activeElement.matches('form.edit textarea')").await;
    browser.keys("\u{e00c}").await;
    browser.until("!document.querySelector('form.edit')").await;
    scene.upstream.answer_next(Script::says("Three minutes."));
    browser.keys("r").await;
    browser.until(&format!("{IDLE} && {LAST} === 'Three minutes.'")).await;
    scene.assert_quiet().await;
}
