//! Where the view is.

use super::{IDLE, LAST, Scene};
use crate::support::{Script, Step};

const LEFT: &str = "document.documentElement.scrollHeight - document.documentElement.clientHeight - scrollY";

fn pages(count: usize) -> Vec<Step> {
    let page = |number: usize| Step::Text(format!("Page {number}\n\n{}", "A paragraph that takes a line.\n\n".repeat(30)));
    (0..count).map(page).chain([Step::End("stop", 11, 7)]).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_view_goes_along_only_from_the_end() {
    let Some(scene) = Scene::open().await else { return };
    let browser = &scene.browser;
    scene.begin("Say very much", Script::of(pages(4)).step_by_step()).await;
    let more = async |number: usize| {
        scene.upstream.held(number + 1).await;
        scene.upstream.release();
        browser.until(&format!("{LAST}?.includes('Page {number}')")).await;
    };
    more(0).await;
    browser.until(&format!("{LEFT} < 2")).await;
    more(1).await;
    browser.until(&format!("{LEFT} < 2")).await;
    assert_eq!(browser.eval("document.getElementById('latest').hidden").await, true);

    // Whoever reads above stays there, and finds the way back.
    browser.eval("scrollBy(0, -600)").await;
    browser.until("!document.getElementById('latest').hidden").await;
    let there = browser.number("scrollY").await;
    more(2).await;
    browser.until(&format!("{LEFT} > 900")).await;
    assert!((browser.number("scrollY").await - there).abs() < 1.0);
    browser.press("Jump to the latest").await;
    browser.until(&format!("{LEFT} < 2")).await;
    more(3).await;
    scene.upstream.release();
    browser.until(IDLE).await;
    browser.until(&format!("{LEFT} < 2")).await;
    scene.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_opens_at_its_end_and_a_message_by_its_address() {
    let Some(scene) = Scene::open().await else { return };
    let texts: Vec<String> = (0..60).map(|n| format!("Message {n}\n\n{}", "A line.\n\n".repeat(5))).collect();
    let messages: Vec<(&str, &str)> =
        texts.iter().enumerate().map(|(n, text)| (if n % 2 == 0 { "user" } else { "assistant" }, text.as_str())).collect();
    let talk = scene.app.talk(&scene.owner.user, "Long", &messages).await;
    let browser = &scene.browser;
    browser.goto(&format!("/c/{}", talk.id)).await;
    browser.until(&format!("{LEFT} < 2")).await;
    browser.goto(&format!("/c/{}#{}", talk.id, talk.messages[10])).await;
    browser.until(&format!("Math.abs(document.getElementById('{}').getBoundingClientRect().top) < 200", talk.messages[10])).await;
    scene.assert_quiet().await;
}
