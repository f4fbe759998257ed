//! Chatting, as a person feels it: a real browser, the real server, and a provider that says what the test wants when
//! the test wants it.

mod attach;
mod composer;
mod feel;
mod follow;
mod hostile;
mod lines;
mod looks;
mod versions;

use serde_json::Value;
use takeback::providers::settings::Kind;

use crate::support::{Actor, Browser, Script, TestApp, Upstream};

/// The rows of the conversation that came from the server.
const ROWS: &str = "document.querySelectorAll('.turn-row[id]')";
/// The last row's words.
const LAST: &str = "document.querySelector('#turns > :last-child .parts')?.innerText.trim()";
/// Nothing is being written.
const IDLE: &str = "!document.querySelector('[data-running], .sending') && !document.getElementById('ask').hasAttribute('data-running')";
/// Something is.
const RUNNING: &str = "document.querySelector('#turns > [data-running]') && document.getElementById('ask').hasAttribute('data-running')";

/// A person in front of an open window.
struct Scene {
    upstream: Upstream,
    app: TestApp,
    owner: Actor,
    browser: Browser,
}

impl Scene {
    /// `None`, with a message, where there is no browser and need not be one.
    async fn open() -> Option<Self> {
        Self::with_models(&["scripted"]).await
    }

    async fn with_models(models: &[&str]) -> Option<Self> {
        let upstream = Upstream::start().await;
        upstream.set_models(models);
        upstream.answer_when("You name conversations", Script::says("Named by the model"));
        let app = TestApp::start_with(|config| upstream.connect(config, Kind::Compatible)).await;
        let owner = app.owner().await;
        let browser = Browser::of(&app, &owner).await?;
        Some(Self { upstream, app, owner, browser })
    }

    /// Another window of the same person.
    async fn window(&self) -> Browser {
        Browser::of(&self.app, &self.owner).await.unwrap()
    }

    /// Begins a chat on the start page; is back when the conversation's page shows both rows.
    async fn begin(&self, text: &str, script: Script) {
        self.upstream.answer_next(script);
        self.browser.goto("/").await;
        self.browser.say(text).await;
        self.browser.until("location.pathname.startsWith('/c/')").await;
        self.browser.until(&format!("{ROWS}.length === 2")).await;
    }

    /// A chat with one short answer.
    async fn begun(&self) {
        self.begin("How long does green tea steep?", Script::says("Two minutes at 75 °C.")).await;
        self.browser.until(IDLE).await;
        self.browser.until(&format!("{LAST} === 'Two minutes at 75 °C.'")).await;
    }

    /// Nothing complained, and nobody else was asked for anything.
    async fn assert_quiet(&self) {
        assert_eq!(self.browser.complaints().await, Vec::<String>::new());
        assert_eq!(self.browser.foreign_requests().await, Vec::<String>::new());
    }
}

impl Browser {
    /// Writes it in the composer and presses Enter.
    async fn say(&self, text: &str) {
        self.click("#text").await;
        self.keys(text).await;
        self.keys("\u{e007}").await;
    }

    /// The words of every row, in order.
    async fn rows(&self) -> Vec<String> {
        let rows = self.eval(&format!("[...{ROWS}].map(row => row.querySelector('.parts').innerText.trim())")).await;
        rows.as_array().unwrap().iter().map(|row| row.as_str().unwrap().to_owned()).collect()
    }

    async fn number(&self, expression: &str) -> f64 {
        let value = self.eval(expression).await;
        Value::as_f64(&value).unwrap_or_else(|| panic!("{expression} is {value}"))
    }
}
