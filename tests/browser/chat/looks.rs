//! The states of the chat page in four looks: axe finds nothing, nothing sticks out.

use super::{IDLE, LAST, RUNNING, Scene};
use crate::support::{Script, Step};

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_in_its_states() {
    let Some(scene) = Scene::with_models(&["first-model", "a-second-model-with-quite-a-long-name"]).await else { return };
    let browser = &scene.browser;
    let steps = vec![
        Step::Hold,
        Step::Reasoning("First I **weigh** it.\n\nThen I weigh it again.".to_owned()),
        Step::Hold,
        Step::Text(include_str!("../much.md").to_owned()),
        Step::Hold,
        Step::End("stop", 1_204, 310),
    ];
    browser.goto("/").await;
    browser.assert_fine("chat-new").await;
    scene
        .begin("A question of some length, so that one sees how the bubble looks when it breaks into a second line.", Script::of(steps))
        .await;
    browser.until(RUNNING).await;
    browser.assert_fine("chat-waiting").await;
    scene.upstream.release();
    browser.sees("Thinking…").await;
    browser.click("[data-live=reasoning] > summary").await;
    browser.assert_fine("chat-thinking").await;
    browser.click("[data-live=reasoning] > summary").await;
    scene.upstream.release();
    browser.until(&format!("{LAST}?.includes('A heading')")).await;
    browser.assert_fine("chat-running").await;
    browser.eval("scrollTo(0, 0)").await;
    browser.assert_fine("chat-running-above").await;
    scene.upstream.release();
    browser.until(IDLE).await;
    browser.eval("scrollTo(0, document.documentElement.scrollHeight)").await;
    browser.assert_fine("chat-finished").await;

    browser.eval("document.querySelector('[data-again] button').click()").await;
    browser.until("document.querySelector('#again-menu:popover-open')").await;
    browser.assert_fine("chat-again").await;
    scene.upstream.answer_next(Script::of(vec![Step::Text("Half of ".to_owned()), Step::Reset]));
    browser.eval("document.querySelector('#again-menu button').click()").await;
    browser.until("document.querySelector('.problem')").await;
    browser.assert_fine("chat-problem").await;
    browser.eval("document.querySelector('[data-edit]').click()").await;
    browser.until("document.querySelector('form.edit')").await;
    browser.assert_fine("chat-edit").await;
    scene.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_composer_in_its_states() {
    let Some(scene) = Scene::open().await else { return };
    scene.begun().await;
    let browser = &scene.browser;
    let add = "(() => { const data = new DataTransfer();
        data.items.add(new File(['fn main() {}'], 'main.rs'));
        data.items.add(new File(['x'], 'a-name-that-does-not-end-'.repeat(5) + '.txt'));
        data.items.add(new File([Uint8Array.from(atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='), c => c.charCodeAt(0))], 'dot.png', { type: 'image/png' }));
        data.items.add(new File([new Uint8Array([0, 1])], 'program'));
        document.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })); })()";
    browser.eval(add).await;
    browser.sees("neither a picture nor text").await;
    browser.keys("A first line").await;
    browser.keys(thirtyfour::Key::Shift + "\u{e007}").await;
    browser.keys("and a second one").await;
    browser.assert_fine("chat-composer-full").await;
    browser.eval("document.getElementById('keys').showModal()").await;
    browser.assert_fine("chat-keys").await;
    scene.assert_quiet().await;
}
