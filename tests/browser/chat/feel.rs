//! An answer grows under the reader's eyes.

use serde_json::json;

use super::{IDLE, LAST, RUNNING, Scene};
use crate::support::{Script, Step};

/// Says when something moved that nobody touched.
const WATCH: &str = "new Promise(done => {
    window.moved = 0;
    new PerformanceObserver(list => { for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.moved += entry.value; })
        .observe({ type: 'layout-shift' });
    window.seen = new Set();
    done();
})";

/// Remembers the blocks that are on the page now, but for the last one, which still grows.
const REMEMBER: &str = "[...document.querySelectorAll('.prose[data-live] > *')].filter(block => block.nextElementSibling)
    .forEach(block => window.seen.add(block))";

fn paragraphs() -> Vec<Step> {
    let texts = [
        "The **first** paragraph, with `code` in it",
        " and a second half.\n\n",
        "## A heading\n\n",
        "- one\n- two\n",
        "- three\n\nA line before the code:\n\n",
        "```rust\nfn main() {\n",
        "    let x = 1;\n",
        "    let y = 2;\n}\n```\n\n",
        "The last paragraph, which is",
        " finished now.",
    ];
    let texts = texts.iter().map(|text| Step::Text((*text).to_owned()));
    texts.chain([Step::End("stop", 11, 7)]).collect()
}

/// What stands on the page stays the same nodes until the end and beyond; what is selected stays selected; nothing moves.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_grows_without_a_flicker() {
    let Some(scene) = Scene::open().await else { return };
    let browser = &scene.browser;
    let steps = paragraphs();
    let count = steps.len();
    scene.begin("Say much", Script::of(steps).step_by_step()).await;
    browser.until(RUNNING).await;
    browser.eval(WATCH).await;
    let expected = ["first paragraph", "second half", "A heading", "two", "before the code", "fn main", "let x", "let y", "which is"];
    for (words, number) in expected.iter().zip(1..) {
        scene.upstream.held(number).await;
        scene.upstream.release();
        browser.until(&format!("{LAST}?.includes({})", json!(words))).await;
        if number == 2 {
            browser.eval("getSelection().selectAllChildren(document.querySelector('[data-live=text] strong'))").await;
        }
        browser.eval(REMEMBER).await;
    }
    let on_the_way = browser.number("window.seen.size").await;
    assert!(on_the_way >= 5.0, "only {on_the_way} blocks were seen");
    for number in expected.len() + 1..=count {
        scene.upstream.held(number).await;
        scene.upstream.release();
    }
    browser.until(IDLE).await;
    assert_eq!(browser.eval("[...window.seen].filter(block => !block.isConnected).map(block => block.outerHTML)").await, json!([]));
    assert_eq!(browser.eval("getSelection().toString()").await, "first");
    let moved = browser.number("window.moved").await;
    assert!(moved < 0.01, "things moved: {moved}");
    assert_eq!(browser.eval("document.querySelectorAll('#turns .code button').length").await, 1, "one copy button for the code");

    // What it looks like at the end is what a fresh page shows.
    let now = browser.rows().await;
    browser.reload().await;
    assert_eq!(browser.rows().await, now);
    scene.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reasoning_is_folded_away_and_stays_as_the_reader_left_it() {
    let Some(scene) = Scene::open().await else { return };
    let browser = &scene.browser;
    let steps = vec![
        Step::Reasoning("First I **weigh** it.".to_owned()),
        Step::Hold,
        Step::Text("The answer".to_owned()),
        Step::Hold,
        Step::Text(" is four.".to_owned()),
        Step::End("stop", 11, 7),
    ];
    scene.begin("Two and two?", Script::of(steps)).await;
    browser.sees("Thinking…").await;
    assert!(!browser.text().await.contains("weigh"), "the reasoning is folded");
    browser.click("[data-live=reasoning] > summary").await;
    browser.sees("First I weigh it.").await;
    scene.upstream.release();
    browser.until(&format!("{LAST}.includes('The answer')")).await;
    assert!(!browser.text().await.contains("Thinking"));
    scene.upstream.release();
    browser.until(IDLE).await;
    browser.sees("The answer is four.").await;
    assert_eq!(browser.eval("document.querySelector('#turns details').open").await, true, "still open");
    scene.assert_quiet().await;
}

/// Screen readers hear that an answer begins and ends, not each word of it.
#[tokio::test(flavor = "multi_thread")]
async fn beginning_and_end_are_said_and_the_words_between_are_not() {
    let Some(scene) = Scene::open().await else { return };
    let browser = &scene.browser;
    scene.begin("Say something", Script::says("Some words.").hold_before(1)).await;
    browser.until(RUNNING).await;
    assert_eq!(browser.eval("document.querySelector('[data-running]').ariaBusy").await, "true");
    let live = "document.querySelector('[data-live=text]').closest('[aria-live], [role=status], [role=alert], [role=log]')";
    assert_eq!(browser.eval(live).await, json!(null));
    scene.upstream.release();
    browser.until("document.getElementById('answer-says').textContent === 'The answer is finished.'").await;
    browser.until(IDLE).await;
    browser.say("And more").await;
    browser.until("document.getElementById('answer-says').textContent === 'The answer is finished.'").await;
    browser.until(IDLE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_title_that_the_model_gives_shows_without_a_reload() {
    let Some(scene) = Scene::open().await else { return };
    scene.begun().await;
    scene.browser.until("document.querySelector('.bar h1').textContent === 'Named by the model'").await;
    scene.browser.until("document.querySelector('.chat a[aria-current] .title').textContent === 'Named by the model'").await;
    scene.browser.until("document.title.startsWith('Named by the model')").await;
    scene.assert_quiet().await;
}

/// The end of an answer in the words of its failure, with a way on.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_breaks_off_keeps_its_text_and_can_be_tried_again() {
    let Some(scene) = Scene::open().await else { return };
    let browser = &scene.browser;
    scene.begin("Go on", Script::of(vec![Step::Text("Half of ".to_owned()), Step::Reset])).await;
    browser.until(IDLE).await;
    browser.sees("Half of").await;
    browser.until("document.querySelector('.problem')").await;
    scene.upstream.answer_next(Script::says("All of it."));
    browser.press("Try again").await;
    browser.until(&format!("{IDLE} && {LAST} === 'All of it.'")).await;
    assert_eq!(browser.eval("document.querySelectorAll('.problem').length").await, 0);
    browser.sees("2/2").await;
}
