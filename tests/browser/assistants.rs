//! Making an assistant, trying it beside its form, and talking to one that somebody else listed.

use std::path::Path;

use takeback::providers::settings::Kind;

use crate::support::{Actor, Browser, Script, TestApp, Upstream, assistant_form, with_file};

/// The words of the rows in a chat.
const ROWS: &str = "[...document.querySelectorAll('.turn-row[id] .parts')].map(row => row.innerText.trim()).join('|')";
/// Nothing is being written.
const IDLE: &str = "!document.querySelector('[data-running], .sending')";

/// A server with one provider and one person in front of a window.
struct Scene {
    upstream: Upstream,
    app: TestApp,
    owner: Actor,
    browser: Browser,
}

impl Scene {
    async fn open() -> Option<Self> {
        let upstream = Upstream::start().await;
        upstream.set_models(&["scripted"]);
        for _ in 0..20 {
            upstream.answer_when("You name conversations", Script::refuses(500, "no"));
        }
        let app = TestApp::start_with(|config| upstream.connect(config, Kind::Compatible)).await;
        let owner = app.owner().await;
        let browser = Browser::of(&app, &owner).await?;
        Some(Self { upstream, app, owner, browser })
    }

    async fn assert_quiet(&self, browser: &Browser) {
        assert_eq!(browser.complaints().await, Vec::<String>::new());
        assert_eq!(browser.foreign_requests().await, Vec::<String>::new());
    }
}

/// Writes it in the composer, sends it, and is back when the rows are these.
async fn talk(browser: &Browser, text: &str, rows: &str) {
    // The last thing that the page's scripts do.
    browser.until("document.activeElement?.id === 'text'").await;
    browser.click("#text").await;
    browser.keys(text).await;
    browser.keys("\u{e007}").await;
    browser.until(&format!("{ROWS} === {rows:?} && {IDLE}")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_makes_one_tries_it_and_another_member_talks_to_it() {
    let Some(scene) = Scene::open().await else { return };
    let browser = &scene.browser;
    browser.goto("/").await;
    browser.press("Assistants").await;
    browser.sees("No assistants yet").await;
    browser.press("Make the first one").await;
    browser.fill("#name", "Tea Counsel").await;
    browser.fill("#emoji", "🫖").await;
    browser.fill("#description", "Knows tea.").await;
    browser.fill("#instructions", "Speak of tea alone.").await;
    browser.fill("[name=starter]", "How long does green tea steep?").await;
    browser.press("Save draft").await;
    browser.sees("Saved as a draft.").await;
    assert!(browser.path().await.ends_with("/edit?done=saved"));

    // Beside the form, before anybody else gets it.
    browser.enter(".try iframe").await;
    scene.upstream.answer_next(Script::says("Two minutes."));
    talk(browser, "How long?", "How long?|Two minutes.").await;
    scene.upstream.answer_next(Script::says("At 75 °C."));
    talk(browser, "How hot?", "How long?|Two minutes.|How hot?|At 75 °C.").await;
    assert_eq!(browser.eval("document.querySelector('h1').innerText").await, "Tea Counsel");
    browser.press("Start over").await;
    browser.until("document.querySelector('#welcome')").await;
    browser.leave_frame().await;
    let told = scene.upstream.requests().last().unwrap().json["messages"][0]["content"].as_str().unwrap().to_owned();
    assert_eq!(told, "Speak of tea alone.");
    browser.goto("/").await;
    browser.until("!document.querySelector('#chats').innerText.includes('How long?')").await;

    browser.goto("/assistants").await;
    browser.sees("Draft").await;
    browser.press("Edit Tea Counsel").await;
    browser.press("Save and publish").await;
    browser.sees("Published.").await;
    browser.press("List it for members").await;
    browser.sees("It is listed for the members of this server.").await;
    scene.assert_quiet(browser).await;

    let other = scene.app.other().await;
    let window = Browser::of(&scene.app, &other).await.unwrap();
    window.goto("/assistants").await;
    window.sees("Shared with this server").await;
    window.click(".card > a").await;
    window.sees("Knows tea.").await;
    scene.upstream.answer_next(Script::says("Two minutes, and no longer."));
    window.press("How long does green tea steep?").await;
    window.until(&format!("location.pathname.startsWith('/c/') && {ROWS}.endsWith('|Two minutes, and no longer.') && {IDLE}")).await;
    window.sees("Tea Counsel").await;
    window.assert_fine("assistant-conversation").await;
    window.look(1280, "light").await;
    let conversation = window.path().await;

    // Deleted: what was said stays, and says why it doesn't go on.
    browser.goto("/assistants").await;
    browser.press("Edit Tea Counsel").await;
    browser.press("More").await;
    browser.press("Delete").await;
    browser.sees("stay readable for them").await;
    browser.assert_fine("assistant-delete").await;
    browser.look(1280, "light").await;
    browser.click("dialog .danger").await;
    browser.sees("The assistant is deleted.").await;
    window.goto(&conversation).await;
    window.sees("isn’t there for you any more").await;
    window.sees("Two minutes, and no longer.").await;
    assert_eq!(
        window.eval("document.querySelectorAll('#turns [title=\"Try again\"], #turns [title=\"Edit and send again\"]').length").await,
        0
    );
    window.assert_fine("assistant-gone").await;
    scene.assert_quiet(&window).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_earlier_version_is_compared_and_restored() {
    let Some(scene) = Scene::open().await else { return };
    let id = scene.owner.make_assistant(assistant_form("Tea Counsel", "Speak of tea alone.").text("publish", "1")).await;
    scene.owner.post_assistant(&format!("/assistants/{id}/edit"), assistant_form("Coffee Counsel", "Speak of coffee.")).await;
    let browser = &scene.browser;
    browser.goto(&format!("/assistants/{id}/edit")).await;
    browser.press("All versions").await;
    browser.sees("Coffee Counsel").await;
    browser.assert_fine("assistant-versions").await;
    browser.look(1280, "light").await;
    browser.press("Compare version 1 with the newest").await;
    browser.sees("Speak of coffee.").await;
    browser.assert_fine("assistant-compare").await;
    browser.look(1280, "light").await;
    browser.press("Restore this version").await;
    browser.sees("Version 3 is a draft. Everybody else gets version 1.").await;
    assert_eq!(browser.eval("document.querySelector('#instructions').value").await, "Speak of tea alone.");
    scene.assert_quiet(browser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_assistants_is_fine_in_every_look() {
    let Some(scene) = Scene::open().await else { return };
    let browser = &scene.browser;
    browser.goto("/assistants").await;
    browser.assert_fine("assistants-empty").await;
    browser.goto("/assistants/new").await;
    browser.assert_fine("assistant-new").await;

    let picture = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/images/takeback.png")).unwrap();
    let full = assistant_form(
        "House style",
        "Write short sentences. Ask back when something is missing. Never invent a source.\n\nSay *we*, not *the company*.",
    )
    .text("description", "Rewrites a draft in our house style, and says what it changed and why.")
    .part("picture", reqwest::multipart::Part::bytes(picture).file_name("us.png"))
    .text("starter", "Shorten this letter")
    .text("starter", "Is this headline in our style?")
    .text("temperature", "0.3")
    .text("publish", "1");
    let full = with_file(
        with_file(full, "style-guide.md", "Short sentences."),
        "much.txt",
        &"Words that nobody can read at once. ".repeat(25_000),
    );
    let report = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/assistants/pdfs/half-scanned.pdf")).unwrap();
    let full = full.part("knowledge", reqwest::multipart::Part::bytes(report).file_name("The report of the year, with pictures.pdf"));
    let full = scene.owner.make_assistant(full).await;
    let plain = scene.owner.make_assistant(assistant_form("Letters", "Write letters.")).await;
    for (name, emoji, about, publish) in [
        ("Release notes", "🚀", "Turns a list of changes into words for the people who use it.", true),
        (
            "An-unbroken-name-that-goes-on-and-on-and-on-and-on-and-on-ok",
            "",
            &*"A-long-description-without-a-place-to-break-".repeat(6),
            true,
        ),
        ("יועץ תה", "🍵", "יודע הכול על תה", false),
        ("Quarterly figures", "", "", false),
    ] {
        let mut form = assistant_form(name, "Be kind.").text("emoji", emoji).text("description", about.to_owned());
        if publish {
            form = form.text("publish", "1");
        }
        scene.owner.make_assistant(form).await;
    }
    let other = scene.app.other().await;
    let theirs = other
        .make_assistant(
            assistant_form("Interviews", "Ask.")
                .text("emoji", "🎙️")
                .text("description", "Helps to prepare an interview: asks first, then writes questions.")
                .text("publish", "1"),
        )
        .await;
    other.post_form(&format!("/assistants/{theirs}/visibility"), &[("listed", "true")]).await;
    scene.owner.post_form(&format!("/assistants/{full}/visibility"), &[("listed", "true")]).await;
    scene.owner.post_form(&format!("/assistants/{full}/editors"), &[("email", &*other.user.email)]).await;

    for (name, path) in [
        ("assistants", "/assistants".to_owned()),
        ("assistants-search", "/assistants?q=nothing".to_owned()),
        ("assistant-edit", format!("/assistants/{full}/edit?done=saved")),
        ("assistant-start", format!("/assistants/{full}")),
        ("assistant-start-theirs", format!("/assistants/{theirs}")),
        ("assistant-preview", format!("/assistants/{full}/preview")),
        ("assistant-editors", format!("/assistants/{full}/editors?done=added")),
        ("assistant-editors-none", format!("/assistants/{plain}/editors")),
        ("assistant-delete-page", format!("/assistants/{full}/delete")),
    ] {
        browser.goto(&path).await;
        browser.assert_fine(name).await;
    }
    scene.upstream.answer_next(Script::says("**We** open on *Monday*.\n\n- Shorter\n- Friendlier"));
    scene.app.try_it(&scene.owner, &full).await;
    browser.goto(&format!("/assistants/{full}/preview")).await;
    browser.assert_fine("assistant-preview-chat").await;
    browser.look(1280, "light").await;
    browser.goto(&format!("/assistants/{full}/edit")).await;
    browser.screenshot("assistant-edit-tried").await;
    for width in [1280, 360] {
        browser.look(width, "light").await;
        browser.sees("2 pages, 4 words; no text found on 1 page").await;
        browser.eval("document.querySelector('.known').scrollIntoView()").await;
        browser.screenshot(&format!("assistant-edit-files-{width}")).await;
    }
    scene.assert_quiet(browser).await;
}
