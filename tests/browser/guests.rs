//! An assistant that was given out: who has the link talks to it in a fresh window, without an account.

use std::net::SocketAddr;
use std::time::Duration;

use takeback::guests::caps::Caps;
use takeback::links::link::Link;
use takeback::providers::settings::Kind;
use takeback::write_tx;

use crate::support::{Actor, Browser, Script, Stopwatch, TestApp, Upstream};

/// The words of the rows in a chat.
const ROWS: &str = "[...document.querySelectorAll('.turn-row[id] .parts')].map(row => row.innerText.trim()).join('|')";
/// Nothing is being written.
const IDLE: &str = "!document.querySelector('[data-running], .sending')";

struct Scene {
    upstream: Upstream,
    app: TestApp,
    owner: Actor,
    assistant: String,
    browser: Browser,
}

impl Scene {
    async fn open() -> Option<Self> {
        let upstream = Upstream::start().await;
        for _ in 0..20 {
            upstream.answer_when("You name conversations", Script::refuses(500, "no"));
        }
        let app = TestApp::start_with(|config| upstream.connect(config, Kind::Compatible)).await;
        let owner = app.owner().await;
        let assistant = app.assistant(&owner).await;
        let browser = Browser::of(&app, &owner).await?;
        Some(Self { upstream, app, owner, assistant, browser })
    }

    fn editor(&self) -> String {
        format!("/assistants/{}/edit", self.assistant)
    }

    /// A window in a profile of its own, at this link.
    async fn visitor(&self, path: &str) -> Browser {
        let window = Browser::open(&self.app).await.unwrap();
        window.goto(path).await;
        window
    }

    async fn assert_quiet(&self, browser: &Browser) {
        assert_eq!(browser.complaints().await, Vec::<String>::new());
        assert_eq!(browser.foreign_requests().await, Vec::<String>::new());
    }
}

async fn talk(browser: &Browser, text: &str, rows: &str) {
    // The last thing that the page's scripts do.
    browser.until("document.activeElement?.id === 'text'").await;
    browser.click("#text").await;
    browser.keys(text).await;
    browser.keys("\u{e007}").await;
    browser.until(&format!("{ROWS} === {rows:?} && {IDLE}")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_copied_and_two_guests_talk_without_seeing_each_other() {
    let Some(scene) = Scene::open().await else { return };
    let browser = &scene.browser;
    browser.goto(&scene.editor()).await;
    browser.press("Copy link").await;
    browser.until("document.querySelector('[data-made]')").await;
    let url = browser.clipboard().await;
    let path = url.strip_prefix(&scene.app.url("")).unwrap().to_owned();
    assert!(path.starts_with("/g/"), "{url}");

    let first = scene.visitor(&path).await;
    first.sees("Knows tea.").await;
    first.assert_fine("guest-meets").await;
    first.look(1280, "light").await;
    scene.upstream.answer_next(Script::says("Two minutes."));
    talk(&first, "How long?", "How long?|Two minutes.").await;
    scene.upstream.answer_next(Script::says("At **75 °C**, with a lid on."));
    talk(&first, "How hot?", "How long?|Two minutes.|How hot?|At 75 °C, with a lid on.").await;
    first.assert_fine("guest-talks").await;
    first.look(1280, "light").await;
    first.reload().await;
    first.until(&format!("{ROWS} === 'How long?|Two minutes.|How hot?|At 75 °C, with a lid on.'")).await;

    let second = scene.visitor(&path).await;
    second.sees("Knows tea.").await;
    assert!(!second.text().await.contains("Two minutes."));
    scene.upstream.answer_next(Script::says("Four minutes."));
    second.press("How long does green tea steep?").await;
    second.until(&format!("{ROWS}.endsWith('|Four minutes.') && {IDLE}")).await;
    first.reload().await;
    assert!(!first.text().await.contains("Four minutes."));
    second.press("Delete chat").await;
    second.sees("What was said here is deleted for good.").await;
    second.assert_fine("guest-delete").await;
    second.look(1280, "light").await;
    // The window's size changed, which closes no question.
    second.press("Delete it").await;
    second.until("document.querySelector('#welcome')").await;
    second.sees("Knows tea.").await;
    for window in [browser, &first, &second] {
        scene.assert_quiet(window).await;
    }

    // The owner sees how much, and never what.
    browser.reload().await;
    browser.sees("3 of 200").await;
    assert!(!browser.text().await.contains("Two minutes."));
    browser.press("Pause").await;
    browser.sees("Paused: nobody can open it.").await;
    first.reload().await;
    first.sees("This page isn’t here.").await;
    browser.press("Resume").await;
    browser.until("!document.body.innerText.includes('Paused: nobody')").await;
    first.goto(&path).await;
    first.sees("with a lid on.").await;
    scene.assert_quiet(browser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_is_deleted_while_an_answer_runs_ends_it_within_a_second() {
    let Some(scene) = Scene::open().await else { return };
    let link = scene.app.give_out(&scene.owner, &scene.assistant).await;
    let guest = scene.visitor(&link.path()).await;
    scene.upstream.answer_next(Script::says("Two minutes, and not a second longer.").hold_before(2));
    guest.click("#text").await;
    guest.keys("How long?\u{e007}").await;
    guest.sees("Two minutes,").await;
    let browser = &scene.browser;
    browser.goto(&scene.editor()).await;
    browser.press("Delete link").await;
    browser.sees("Delete this link?").await;
    browser.assert_fine("assistant-link-delete").await;
    browser.look(1280, "light").await;
    browser.click("dialog .danger").await;
    browser.until("!document.querySelector('.given-out')").await;
    let at = Stopwatch::start();
    scene.upstream.disconnected(0).await;
    at.assert_within(Duration::from_secs(1));
    guest.sees("This chat isn’t here any more.").await;
    guest.reload().await;
    guest.sees("This page isn’t here.").await;
    scene.assert_quiet(browser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_who_has_used_up_their_messages_is_told_so_and_loses_no_word() {
    let Some(scene) = Scene::open().await else { return };
    let link = scene.app.give_out(&scene.owner, &scene.assistant).await;
    scene.app.cap(&link, Caps { guest_messages_a_day: 1, ..Caps::default() }).await;
    let guest = scene.visitor(&link.path()).await;
    scene.upstream.answer_next(Script::says("Two minutes."));
    talk(&guest, "How long?", "How long?|Two minutes.").await;
    guest.click("#text").await;
    guest.keys("And how hot?\u{e007}").await;
    guest.sees("You have sent as many messages as one visitor may in a day. Come back tomorrow.").await;
    assert_eq!(guest.eval("document.querySelector('#text').value").await, "And how hot?");
    guest.assert_fine("guest-used-up").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_scripts_a_guest_talks_too() {
    let Some(scene) = Scene::open().await else { return };
    let link = scene.app.give_out(&scene.owner, &scene.assistant).await;
    let guest = scene.visitor("/robots.txt").await;
    guest.without_scripts().await;
    guest.goto(&link.path()).await;
    scene.upstream.answer_next(Script::says("Two minutes."));
    guest.fill("#text", "How long?").await;
    guest.click("#send").await;
    let chat = loop {
        if let Some(chat) = scene.app.chats_of(&link).await.pop() {
            break chat;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    scene.app.answered(&chat).await;
    guest.goto(&link.path()).await;
    guest.sees("Two minutes.").await;
}

/// Days of use, as they would have been counted.
async fn used(app: &TestApp, link: &Link) {
    let today = app.now() / 86_400_000_000;
    write_tx!(app.db, "test: use", |tx| {
        for (ago, messages) in [(29, 12), (20, 3), (19, 41), (12, 88), (5, 20), (4, 64), (3, 71), (1, 130), (0, 44)] {
            let query = "INSERT INTO link_days (link_id, day, messages, guests, tokens) VALUES ($1, $2, $3, $4, $5)";
            sqlx::query(query)
                .bind(&link.id)
                .bind(today - ago)
                .bind(messages)
                .bind(messages / 3 + 1)
                .bind(messages * 412)
                .execute(&mut *tx)
                .await?;
        }
        Ok(())
    })
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_section_share_is_fine_with_nothing_and_with_much() {
    let Some(scene) = Scene::open().await else { return };
    let browser = &scene.browser;
    browser.goto(&format!("{}#share", scene.editor())).await;
    browser.assert_fine("assistant-share-none").await;
    let link = scene.app.give_out(&scene.owner, &scene.assistant).await;
    let paused = scene.app.give_out(&scene.owner, &scene.assistant).await;
    scene.owner.post_form(&format!("/links/{}/pause", paused.id), &[]).await;
    scene.owner.post_form(&format!("/links/{}/frames", link.id), &[("frames", "https://example.org")]).await;
    used(&scene.app, &link).await;
    // From another page: to the same address the browser would only scroll.
    browser.goto("/links").await;
    browser.assert_fine("links-assistants").await;
    browser.goto(&format!("{}#share", scene.editor())).await;
    browser.until("document.querySelectorAll('.given-out > li').length === 2").await;
    browser.eval("document.querySelectorAll('.given-out details').forEach(details => details.open = true)").await;
    browser.eval("document.querySelector('#share').scrollIntoView()").await;
    browser.assert_fine("assistant-share").await;
    scene.assert_quiet(browser).await;
}

/// A site of somebody's, with the chat in a frame.
async fn site(frame: String) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let page = move || {
        let page = format!(
            "<!doctype html><html lang=en><title>Shop</title><h1>Shop</h1><iframe src=\"{frame}\" title=Chat width=400 height=600></iframe>"
        );
        async move { axum::response::Html(page) }
    };
    tokio::spawn(async move { axum::serve(listener, axum::Router::new().route("/", axum::routing::get(page))).await.unwrap() });
    address
}

#[tokio::test(flavor = "multi_thread")]
async fn the_chat_stands_in_a_frame_on_the_site_that_was_named_and_on_no_other() {
    let Some(scene) = Scene::open().await else { return };
    let link = scene.app.give_out(&scene.owner, &scene.assistant).await;
    let frame = scene.app.url(&link.path().replace("/g/", "/embed/g/"));
    let (named, other) = (site(frame.clone()).await, site(frame).await);
    scene.owner.post_form(&format!("/links/{}/frames", link.id), &[("frames", &format!("http://{named}"))]).await;
    let guest = Browser::open(&scene.app).await.unwrap();
    guest.visit(&format!("http://{named}/")).await;
    guest.enter("iframe").await;
    guest.sees("Knows tea.").await;
    scene.upstream.answer_next(Script::says("Two minutes."));
    talk(&guest, "How long?", "How long?|Two minutes.").await;
    guest.leave_frame().await;
    guest.visit(&format!("http://{other}/")).await;
    guest.enter("iframe").await;
    guest.until("!document.body || !document.body.innerText.includes('Tea Counsel')").await;
    assert!(!guest.text().await.contains("Knows tea."));
}
