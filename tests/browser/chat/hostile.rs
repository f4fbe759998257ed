//! Nothing in an answer can run or phone home while it arrives, cut anywhere.

use serde_json::json;

use super::{IDLE, Scene};
use crate::browser::hostile::ALARM;
use crate::support::{Script, Step, hostile};

/// Notes everything that appears in the conversation and must not, the moment it appears.
const GUARD: &str = "window.bad = [];
    const look = node => {
        if (!(node instanceof Element)) return;
        for (const element of [node, ...node.querySelectorAll('*')]) {
            if (['SCRIPT', 'IFRAME', 'OBJECT', 'EMBED', 'STYLE', 'LINK', 'META', 'BASE', 'VIDEO', 'AUDIO'].includes(element.tagName.toUpperCase()))
                window.bad.push(element.outerHTML);
            for (const { name, value } of element.attributes)
                if (/^on|^style$|^srcdoc$|^ping$/i.test(name) || (/^(href|src|xlink:href|action|formaction|poster|background|srcset)$/i.test(name)
                    && !/^(https?:|mailto:|\\/|#)/i.test(value))) window.bad.push(`${name}=${value}`);
        }
    };
    new MutationObserver(changes => {
        for (const change of changes) {
            if (change.type === 'attributes') look(change.target);
            for (const node of change.addedNodes) if (document.getElementById('turns')?.contains(node)) look(node);
        }
    }).observe(document, { childList: true, subtree: true, attributes: true });";

/// Every vector, in three pieces, so that each stands half-open on the page for a moment. The content policy is off: the
/// renderer and the page's own script must hold alone.
#[tokio::test(flavor = "multi_thread")]
async fn hostile_words_that_arrive_in_pieces_run_nothing_and_fetch_nothing() {
    let Some(vectors) = hostile() else { return };
    let Some(scene) = Scene::open().await else { return };
    let browser = &scene.browser;
    browser.cdp("Page.enable", json!({})).await;
    for source in [ALARM, GUARD] {
        browser.cdp("Page.addScriptToEvaluateOnNewDocument", json!({"source": source})).await;
    }
    browser.cdp("Page.setBypassCSP", json!({"enabled": true})).await;
    scene.begun().await;
    for (number, vectors) in vectors.chunks(120).enumerate() {
        let pieces = vectors.iter().flat_map(|vector| {
            let letters: Vec<char> = vector.chars().collect();
            let third = letters.len().div_ceil(3).max(1);
            let mut pieces: Vec<Step> = letters.chunks(third).map(|piece| Step::Text(piece.iter().collect())).collect();
            pieces.push(Step::Text("\n\n".to_owned()));
            pieces
        });
        let steps = pieces.chain([Step::Text(format!("\n\n```\n```\n\nround {number} is over")), Step::End("stop", 1, 1)]).collect();
        scene.upstream.answer_next(Script::of(steps).paced(std::time::Duration::from_millis(4)));
        browser.say("Go on").await;
        browser.until(&format!("{IDLE} && document.body.innerText.includes('round {number} is over')")).await;
        assert_eq!(browser.eval("window.bad.slice(0, 5)").await, json!([]), "round {number}");
        assert_eq!(browser.foreign_requests().await, Vec::<String>::new(), "round {number}");
        let ran: Vec<String> = browser.complaints().await.into_iter().filter(|line| line.contains("HOSTILE")).collect();
        assert_eq!(ran, Vec::<String>::new(), "round {number}");
    }
}
