//! Pictures and text files with a message.

use serde_json::json;

use super::{IDLE, ROWS, Scene};
use crate::support::Script;

/// Makes `files(...)` known: a picture by the name `picture.png`, anything else as text.
const FILES: &str = "window.files = async (...names) => {
    const data = new DataTransfer();
    for (const name of names) {
        if (!name.endsWith('.png')) { data.items.add(new File(['Words of ' + name], name)); continue; }
        const canvas = Object.assign(document.createElement('canvas'), { width: 60, height: 40 });
        canvas.getContext('2d').fillRect(0, 0, 30, 40);
        data.items.add(new File([await new Promise(done => canvas.toBlob(done))], name, { type: 'image/png' }));
    }
    return data;
}, 0";
const PASTE: &str =
    "document.getElementById('text').dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))";
const DROP: &str = "['dragover', 'drop'].map(kind => document.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true })))";
const CHIPS: &str = "[...document.querySelectorAll('#chips .name')].map(name => name.textContent).join()";

#[tokio::test(flavor = "multi_thread")]
async fn files_are_chosen_dropped_and_pasted_and_go_along() {
    let Some(scene) = Scene::open().await else { return };
    let browser = &scene.browser;
    let folder = tempfile::TempDir::new().unwrap();
    let chosen = folder.path().join("chosen.rs");
    std::fs::write(&chosen, "fn main() {}\n").unwrap();

    browser.goto("/").await;
    browser.eval(FILES).await;
    browser.choose("#composer input[type=file]", &chosen).await;
    browser.until(&format!("{CHIPS} === 'chosen.rs'")).await;
    browser.eval(&format!("files('picture.png').then(data => {PASTE})")).await;
    browser.until(&format!("{CHIPS} === 'chosen.rs,picture.png'")).await;
    browser.until("document.querySelector('#chips img').naturalWidth === 60").await;
    browser.eval(&format!("files('dropped.txt', 'other.txt').then(data => {DROP})")).await;
    browser.until(&format!("{CHIPS} === 'chosen.rs,picture.png,dropped.txt,other.txt'")).await;
    browser.press("Remove other.txt").await;
    browser.until(&format!("{CHIPS} === 'chosen.rs,picture.png,dropped.txt'")).await;

    scene.upstream.answer_next(Script::says("Seen."));
    browser.say("Look at these").await;
    browser.until(&format!("{ROWS}.length === 2 && {IDLE}")).await;
    for words in ["chosen.rs", "dropped.txt", "Look at these", "Seen."] {
        browser.sees(words).await;
    }
    browser.until("document.querySelector('.picture img').naturalWidth === 60").await;
    assert_eq!(browser.eval(CHIPS).await, "");
    let asked = scene.upstream.asked(1).await[0].json.to_string();
    assert!(asked.contains("fn main() {}") && asked.contains("Words of dropped.txt"), "{asked}");
    scene.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_t_be_sent_is_refused_with_words() {
    let Some(scene) = Scene::open().await else { return };
    let browser = &scene.browser;
    browser.goto("/").await;
    browser.eval(FILES).await;
    let add = |made: &str| format!("(async () => {{ const data = new DataTransfer(); {made}; return {DROP} }})()");
    browser.eval(&add("data.items.add(new File([new Uint8Array([0, 1, 255])], 'program'))")).await;
    browser.sees("“program” is neither a picture nor text.").await;
    browser.eval(&add("data.items.add(new File([new Uint8Array((10 << 20) + 1)], 'huge.txt'))")).await;
    browser.sees("“huge.txt” is larger than 10 MB.").await;
    browser.eval(&add("for (let n = 0; n < 12; n += 1) data.items.add(new File(['x'], n + '.txt'))")).await;
    browser.sees("A message can have 10 files.").await;
    assert_eq!(browser.eval("document.querySelectorAll('#chips li').length").await, 10);
    scene.assert_quiet().await;
}

/// A field with a whole book in it would take seconds for each letter.
#[tokio::test(flavor = "multi_thread")]
async fn a_very_long_text_is_pasted_as_a_file() {
    let Some(scene) = Scene::open().await else { return };
    let browser = &scene.browser;
    browser.goto("/").await;
    let paste = |letters: usize| {
        format!("(() => {{ const data = new DataTransfer(); data.setData('text/plain', 'x'.repeat({letters})); return {PASTE} }})()")
    };
    assert_eq!(browser.eval(&paste(1_000)).await, true, "the browser puts it into the field");
    assert_eq!(browser.eval(&paste(60_000)).await, false);
    browser.until(&format!("{CHIPS} === 'Pasted text.txt'")).await;
}

/// Refused by the server: words and files are back.
#[tokio::test(flavor = "multi_thread")]
async fn files_of_a_message_that_was_not_accepted_come_back() {
    let Some(scene) = Scene::open().await else { return };
    scene.begun().await;
    let browser = &scene.browser;
    browser.eval(FILES).await;
    browser.eval(&format!("files('picture.png').then(data => {PASTE})")).await;
    browser.until(&format!("{CHIPS} === 'picture.png'")).await;
    let offline = |yes: bool| json!({"offline": yes, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1});
    browser.cdp("Network.enable", json!({})).await;
    browser.cdp("Network.emulateNetworkConditions", offline(true)).await;
    browser.say("Look").await;
    browser.sees("Not sent.").await;
    assert_eq!(browser.eval(CHIPS).await, "picture.png");
    assert_eq!(browser.eval("document.getElementById('text').value").await, "Look");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_takes_no_pictures_is_said_before_sending() {
    let Some(scene) = Scene::with_models(&["gpt-4o", "gpt-3.5-turbo"]).await else { return };
    let browser = &scene.browser;
    browser.goto("/").await;
    browser.eval(FILES).await;
    browser.eval(&format!("files('picture.png').then(data => {PASTE})")).await;
    browser.until(&format!("{CHIPS} === 'picture.png'")).await;
    let choose = |model: &str| {
        format!(
            "(select => {{ select.value = 'upstream/{model}'; return select.dispatchEvent(new Event('change')) }})(document.getElementById('model'))"
        )
    };
    browser.eval(&choose("gpt-3.5-turbo")).await;
    browser.sees("This model doesn’t take pictures.").await;
    browser.eval(&choose("gpt-4o")).await;
    browser.until("document.getElementById('blind').hidden").await;
    browser.eval(&choose("gpt-3.5-turbo")).await;
    browser.press("Remove picture.png").await;
    browser.until("document.getElementById('blind').hidden").await;
}
