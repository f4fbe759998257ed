//! Reloads, other windows, hidden windows, a server that comes back: nothing missing, nothing doubled.

use super::{IDLE, LAST, ROWS, RUNNING, Scene};
use crate::support::{Browser, Script, Step};

const HALVES: [&str; 4] = ["One paragraph.\n\n", "Two paragraphs.\n\n```\ncode that", " goes on\n```\n\n", "The end."];
const WHOLE: &str = "One paragraph.\n\nTwo paragraphs.\n\ncode that goes on\n\nThe end.";

fn halves() -> Script {
    let texts = HALVES.iter().map(|text| Step::Text((*text).to_owned()));
    Script::of(texts.chain([Step::End("stop", 11, 7)]).collect()).step_by_step()
}

/// The answer's words without what surrounds the code, and with one empty line between blocks.
async fn answer(browser: &Browser) -> String {
    let blocks = "[...document.querySelectorAll('#turns > :last-child .prose > *')].map(block => (block.querySelector('pre') ?? block).innerText.trim())";
    let blocks = browser.eval(blocks).await;
    blocks.as_array().unwrap().iter().map(|block| block.as_str().unwrap()).collect::<Vec<_>>().join("\n\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_in_the_middle_shows_the_answer_still_arriving() {
    let Some(scene) = Scene::open().await else { return };
    let browser = &scene.browser;
    scene.begin("Go on", halves()).await;
    for (number, words) in [(1, "One"), (2, "code that"), (3, "goes on")] {
        scene.upstream.held(number).await;
        scene.upstream.release();
        browser.until(&format!("{LAST}?.includes('{words}')")).await;
        browser.reload().await;
        browser.until(RUNNING).await;
        browser.until(&format!("{LAST}?.includes('{words}')")).await;
    }
    scene.upstream.release();
    scene.upstream.release();
    browser.until(IDLE).await;
    assert_eq!(answer(browser).await, WHOLE);
    assert_eq!(browser.eval(&format!("{ROWS}.length")).await, 2);
    scene.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_window_shows_what_is_said_in_one() {
    let Some(scene) = Scene::open().await else { return };
    scene.begun().await;
    let (browser, window) = (&scene.browser, scene.window().await);
    let path = browser.path().await;
    window.goto(&path).await;
    window.until(&format!("{ROWS}.length === 2")).await;

    scene.upstream.answer_next(halves());
    browser.say("And more").await;
    for window in [browser, &window] {
        window.until(RUNNING).await;
        window.until(&format!("{ROWS}.length === 4")).await;
    }
    scene.upstream.release();
    scene.upstream.release();
    for window in [browser, &window] {
        window.until(&format!("{LAST}?.includes('code that')")).await;
    }
    // The one that did not ask stops it; both know.
    window.click("#stop").await;
    for window in [browser, &window] {
        window.until(IDLE).await;
        window.sees("This answer was stopped").await;
        assert_eq!(answer(window).await, "One paragraph.\n\nTwo paragraphs.\n\ncode that");
    }

    // Another answer, asked for in the other window, takes the place of the first in both.
    scene.upstream.release_all();
    scene.upstream.answer_next(halves());
    window.press("Try again").await;
    for window in [browser, &window] {
        window.until(&format!("{IDLE} && {LAST}?.includes('The end.')")).await;
        assert_eq!(answer(window).await, WHOLE);
        assert_eq!(window.eval(&format!("{ROWS}.length")).await, 4);
        window.sees("2/2").await;
    }
    assert_eq!(window.complaints().await, Vec::<String>::new());
    scene.assert_quiet().await;
}

/// A hidden window hangs up, and has everything as soon as it is looked at.
#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_window_catches_up() {
    let Some(scene) = Scene::open().await else { return };
    let browser = &scene.browser;
    scene.begin("Go on", halves()).await;
    scene.upstream.release();
    browser.until(&format!("{LAST}?.includes('One')")).await;
    let hide = |hidden: bool| {
        format!(
            "Object.defineProperty(document, 'hidden', {{ configurable: true, get: () => {hidden} }}),
             document.dispatchEvent(new Event('visibilitychange'))"
        )
    };
    browser.eval(&hide(true)).await;
    scene.upstream.release_all();
    scene.upstream.finished(0).await;
    scene.upstream.answer_next(Script::says("Said elsewhere."));
    let id = browser.path().await.strip_prefix("/c/").unwrap().to_owned();
    scene.app.answered(&id).await;
    scene.owner.say(&format!("/c/{id}/messages"), "From elsewhere", "", &[]).await;
    scene.app.answered(&id).await;
    assert!(!browser.text().await.contains("The end."));
    browser.eval(&hide(false)).await;
    browser.until(&format!("{IDLE} && {ROWS}.length === 4 && {LAST} === 'Said elsewhere.'")).await;
    browser.sees("The end.").await;
    scene.assert_quiet().await;
}

/// The server goes down in the middle and comes back: the page says by itself what became of the answer.
#[tokio::test(flavor = "multi_thread")]
async fn a_restart_in_the_middle_shows_as_what_it_is() {
    let Some(mut scene) = Scene::open().await else { return };
    scene.begin("Go on", halves()).await;
    scene.upstream.release();
    scene.upstream.release();
    scene.browser.until(&format!("{LAST}?.includes('code that')")).await;
    scene.browser.eval("window.same = true").await;
    scene.app = scene.app.restart().await;
    let browser = &scene.browser;
    browser.until(IDLE).await;
    browser.until("document.querySelector('.problem')").await;
    assert!(answer(browser).await.starts_with("One paragraph.\n\nTwo paragraphs."));
    assert_eq!(browser.eval("window.same").await, true, "no reload");

    scene.upstream.answer_next(Script::says("All of it."));
    browser.press("Try again").await;
    browser.until(&format!("{IDLE} && {LAST} === 'All of it.'")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_conversation_says_so_in_every_window() {
    let Some(scene) = Scene::open().await else { return };
    scene.begun().await;
    let path = scene.browser.path().await;
    let window = scene.window().await;
    window.goto(&path).await;
    scene.owner.post_form(&format!("{path}/delete"), &[]).await;
    for window in [&scene.browser, &window] {
        window.sees("This conversation was deleted.").await;
        assert_eq!(window.eval(&format!("{ROWS}.length")).await, 0);
    }
}
