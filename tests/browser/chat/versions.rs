//! Try again, edit and send again, ‹ 2/3 ›: without loading the page anew.

use serde_json::json;

use super::{IDLE, LAST, ROWS, RUNNING, Scene};
use crate::support::{Script, Stopwatch};

const SAME_PAGE: &str = "window.same === true";

#[tokio::test(flavor = "multi_thread")]
async fn another_answer_is_another_version() {
    let Some(scene) = Scene::open().await else { return };
    scene.begun().await;
    let browser = &scene.browser;
    browser.eval("window.same = true").await;
    scene.upstream.answer_next(Script::says("Three minutes."));
    browser.click("[data-again] button").await;
    browser.until(&format!("{IDLE} && {LAST} === 'Three minutes.'")).await;
    browser.sees("2/2").await;
    assert_eq!(browser.eval(&format!("{ROWS}.length")).await, 2);

    browser.click("[title='Previous version']").await;
    browser.until(&format!("{LAST} === 'Two minutes at 75 °C.'")).await;
    browser.sees("1/2").await;
    // The focus is where it can go on from.
    browser.until("document.activeElement.title === 'Next version'").await;
    browser.keys("\u{e007}").await;
    browser.until(&format!("{LAST} === 'Three minutes.'")).await;
    assert_eq!(browser.eval(SAME_PAGE).await, true);
    browser.reload().await;
    browser.sees("2/2").await;
    scene.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_edited_in_its_place_and_what_followed_stays_a_branch() {
    let Some(scene) = Scene::open().await else { return };
    scene.begun().await;
    let browser = &scene.browser;
    browser.eval("window.same = true").await;
    browser.click("[data-edit]").await;
    browser.until("document.activeElement.matches('form.edit textarea')").await;
    browser.keys("\u{e00c}").await;
    browser.until("!document.querySelector('form.edit')").await;
    browser.until("document.activeElement.matches('[data-edit]')").await;
    assert_eq!(browser.rows().await[0], "How long does green tea steep?");

    scene.upstream.answer_next(Script::says("Four minutes."));
    browser.click("[data-edit]").await;
    browser.fill("form.edit textarea", "How long does black tea steep?").await;
    browser.click("form.edit button.main").await;
    browser.until(&format!("{IDLE} && {LAST} === 'Four minutes.'")).await;
    assert_eq!(browser.rows().await, ["How long does black tea steep?", "Four minutes."]);
    browser.sees("2/2").await;
    browser.click("[title='Previous version']").await;
    browser.until(&format!("{LAST} === 'Two minutes at 75 °C.'")).await;
    assert_eq!(browser.rows().await, ["How long does green tea steep?", "Two minutes at 75 °C."]);
    assert_eq!(browser.eval(SAME_PAGE).await, true);
    scene.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_model_can_be_asked_instead() {
    let Some(scene) = Scene::with_models(&["first-model", "second-model"]).await else { return };
    scene.begun().await;
    let browser = &scene.browser;
    let asked_first = browser.eval("document.getElementById('model').value").await;
    scene.upstream.answer_next(Script::says("From another one."));
    browser.click("[data-again] button").await;
    browser.until("document.querySelector('#again-menu:popover-open')").await;
    let others = browser.eval("[...document.querySelectorAll('#again-menu button')].slice(1).map(b => b.textContent)").await;
    assert_eq!(others.as_array().unwrap().len(), 1, "{others}");
    browser.press(others[0].as_str().unwrap()).await;
    browser.until(&format!("{IDLE} && {LAST} === 'From another one.'")).await;
    let who = browser.eval("document.querySelector('#turns > :last-child .who').textContent").await;
    assert_eq!(who, others[0]);
    assert!(!asked_first.as_str().unwrap().ends_with(who.as_str().unwrap()));
    scene.assert_quiet().await;
}

/// While one answer is written no other can be asked for; Esc ends it, and the request with it.
#[tokio::test(flavor = "multi_thread")]
async fn escape_stops_the_answer_and_the_request() {
    let Some(scene) = Scene::open().await else { return };
    let browser = &scene.browser;
    scene.begin("Go on", Script::says("Some words and more").hold_before(2)).await;
    browser.until(RUNNING).await;
    browser.until(&format!("{LAST}?.includes('Some')")).await;
    assert_eq!(browser.eval("document.getElementById('send').hidden").await, true);
    assert_eq!(
        browser.eval("[...document.querySelectorAll('.idle')].some(e => e.checkVisibility({visibilityProperty: true}))").await,
        false
    );
    browser.keys("\u{e00c}").await;
    let pressed = Stopwatch::start();
    scene.upstream.disconnected(0).await;
    pressed.assert_within(std::time::Duration::from_secs(1));
    browser.until(IDLE).await;
    browser.sees("This answer was stopped").await;
    assert_eq!(browser.eval(LAST).await, json!("Some words"));
    assert_eq!(browser.eval("document.getElementById('stop').hidden").await, true);
    scene.assert_quiet().await;
}
