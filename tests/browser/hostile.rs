//! Nothing in a message can run or phone home, from any field that holds somebody's words.

use serde_json::json;
use takeback_transcripts::Part;

use crate::support::{Browser, Talk, TestApp, eventually, hostile};

/// Says so on the console, from any frame, when something asks for attention.
pub(super) const ALARM: &str = "for (const name of ['alert', 'confirm', 'prompt', 'print', 'write'])
    window[name] = () => console.error('HOSTILE WORDS RAN');";

/// What can be in words, if they can't run or fetch anything.
const INVARIANT: &str = "[...document.querySelectorAll('.messages *, h1, h1 *, title')].flatMap(element => {
    const wrong = [];
    if (['SCRIPT', 'IFRAME', 'OBJECT', 'EMBED', 'STYLE', 'LINK', 'META', 'BASE', 'FORM', 'VIDEO', 'AUDIO', 'APPLET', 'FRAMESET']
        .includes(element.tagName.toUpperCase()) && !element.closest('form[action^=\"/c/\"]')) wrong.push(element.outerHTML);
    for (const { name, value } of element.attributes)
        if (/^on|^style$|^srcdoc$|^ping$/i.test(name) || (/^(href|src|xlink:href|action|formaction|poster|background|srcset)$/i.test(name)
            && !/^(https?:|mailto:|\\/|#)/i.test(value))) wrong.push(`${name}=${value}`);
    return wrong;
}).slice(0, 5)";

/// Moves over and focuses everything that the words became.
const TOUCH: &str = "document.querySelectorAll('.messages *').forEach(element => {
    for (const kind of ['mouseover', 'mouseenter', 'mousedown', 'pointerdown', 'focus', 'toggle', 'animationend', 'wheel'])
        element.dispatchEvent(new Event(kind, { bubbles: true }));
})";

/// Every vector in every place that Markdown has.
async fn talk(app: &TestApp, owner: &takeback::accounts::user::User, vectors: &[String]) -> Talk {
    let mut talk = app.talk(owner, &vectors[0], &[]).await;
    for vectors in vectors.chunks(40) {
        app.say(&mut talk, "user", &vectors.join("\n\n")).await;
        app.say(&mut talk, "assistant", &vectors.join("\n")).await;
        let places: Vec<String> = vectors
            .iter()
            .map(|v| {
                format!("[x]({v})\n\n[x](<{v}> \"{v}\")\n\n![{v}]({v})\n\n```{v}\n{v}\n```\n\n| {v} |\n|---|\n| `{v}` |\n\n<{v}>\n\n${v}$\n\n[^{v}]: {v}")
            })
            .collect();
        app.say(&mut talk, "assistant", &places.join("\n\n")).await;
        let fields = vectors.iter().flat_map(|v| {
            [
                Part::File { file: None, name: v.clone(), media_type: Some(v.clone()), text: Some(v.clone()) },
                Part::Image { file: v.clone(), alt: Some(v.clone()), width: None, height: None },
                Part::Document { title: v.clone(), language: Some(v.clone()), text: v.clone() },
                Part::Unknown { kind: v.clone(), raw: v.clone() },
            ]
        });
        app.say_parts(&mut talk, "assistant", &fields.collect::<Vec<_>>()).await;
    }
    talk
}

async fn assert_harmless(browser: &Browser, path: &str) {
    browser.goto(path).await;
    assert_eq!(browser.eval(INVARIANT).await, json!([]), "{path}");
    browser.eval(TOUCH).await;
    assert_eq!(browser.path().await, path, "the words led elsewhere");
    assert_eq!(browser.foreign_requests().await, Vec::<String>::new(), "{path}");
    let ran: Vec<String> = browser.complaints().await.into_iter().filter(|line| line.contains("HOSTILE")).collect();
    assert_eq!(ran, Vec::<String>::new(), "{path}");
}

/// Once as it is, and once with the content policy off, so that the renderer alone must hold.
#[tokio::test(flavor = "multi_thread")]
async fn hostile_words_run_nothing_and_fetch_nothing() {
    let Some(vectors) = hostile() else { return };
    assert!(vectors.len() > 700, "only {} vectors", vectors.len());
    let app = TestApp::start().await;
    let owner = app.owner().await;
    let Some(browser) = Browser::of(&app, &owner).await else { return };
    browser.cdp("Page.enable", json!({})).await;
    browser.cdp("Page.addScriptToEvaluateOnNewDocument", json!({"source": ALARM})).await;

    let talk = talk(&app, &owner.user, &vectors).await;
    let share = app.share(&owner.user, &talk).await.path();
    for bypass in [false, true] {
        browser.cdp("Page.setBypassCSP", json!({"enabled": bypass})).await;
        for path in [&share, &format!("/c/{}", talk.id), &format!("/c/{}/share", talk.id), &format!("/c/{}/share/preview", talk.id)] {
            assert_harmless(&browser, path).await;
        }
    }
}

/// Titles stand in the list, the sidebar, dialogs, attributes, the page's own title.
#[tokio::test(flavor = "multi_thread")]
async fn hostile_titles_are_words_everywhere() {
    let Some(vectors) = hostile() else { return };
    let app = TestApp::start().await;
    let owner = app.person("<img src=x onerror=alert(1)>", "\"><script>alert(1)</script>@example.org", "admin").await;
    let Some(browser) = Browser::of(&app, &owner).await else { return };
    browser.cdp("Page.enable", json!({})).await;
    browser.cdp("Page.addScriptToEvaluateOnNewDocument", json!({"source": ALARM})).await;
    browser.cdp("Page.setBypassCSP", json!({"enabled": true})).await;

    let mut first = None;
    for title in vectors.iter().filter(|title| title.chars().count() <= 200).take(60) {
        let title: String = title.chars().filter(|c| !c.is_control()).collect();
        let talk = app.talk(&owner.user, &title, &[("user", "Words")]).await;
        first = first.or(Some((talk.id.clone(), app.share(&owner.user, &talk).await.path())));
    }
    let (id, share) = first.unwrap();
    for path in ["/", "/links", "/settings", "/settings/people", "/links/delete-all", &format!("/c/{id}/delete"), &share] {
        assert_harmless(&browser, path).await;
    }
}

/// The check above would notice: the same vectors, put into a page as HTML, do run when nothing holds them.
#[tokio::test(flavor = "multi_thread")]
async fn the_alarm_rings_when_something_runs() {
    let app = TestApp::start().await;
    let Some(browser) = Browser::open(&app).await else { return };
    browser.cdp("Page.enable", json!({})).await;
    browser.cdp("Page.addScriptToEvaluateOnNewDocument", json!({"source": ALARM})).await;
    let vector = "document.body.innerHTML = '<img src=x onerror=alert(1)><img src=http://192.0.2.1/x.png>'";
    // The content policy alone holds.
    browser.goto("/share/1111111111111111111111").await;
    browser.eval(vector).await;
    browser.eval("new Promise(done => requestAnimationFrame(() => setTimeout(done, 200)))").await;
    assert!(!browser.complaints().await.iter().any(|line| line.contains("HOSTILE")));
    assert_eq!(browser.foreign_requests().await, Vec::<String>::new());

    browser.cdp("Page.setBypassCSP", json!({"enabled": true})).await;
    browser.reload().await;
    browser.eval(vector).await;
    eventually("the alarm rings", async || browser.complaints().await.iter().any(|line| line.contains("HOSTILE"))).await;
    assert_eq!(browser.foreign_requests().await, ["http://192.0.2.1/x.png"]);
}
