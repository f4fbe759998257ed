//! A real browser with one window.

use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::common::capabilities::desiredcapabilities::Capabilities;
use thirtyfour::prelude::*;

use super::actors::Actor;
use super::app::TestApp;
use super::chromium::{Chromedriver, capabilities};

/// How long a page may take to show what it should, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

pub(crate) struct Browser {
    pub(super) driver: WebDriver,
    pub(super) base: String,
    /// The driver's address of this session, for what WebDriver has no command for.
    pub(super) session: String,
    _chromedriver: Chromedriver,
    _profile: TempDir,
}

impl Browser {
    /// Opens a window on the server; `None`, with a message, where there is no Chromium and need not be one.
    pub(crate) async fn open(app: &TestApp) -> Option<Self> {
        let chromedriver = Chromedriver::start()?;
        let profile = TempDir::new().unwrap();
        let Value::Object(wanted) = capabilities(profile.path()) else { unreachable!() };
        let driver = WebDriver::new(&chromedriver.url, Capabilities::from(wanted)).await.unwrap();
        driver.set_script_timeout(5 * PATIENCE).await.unwrap();
        let session = format!("{}/session/{}", chromedriver.url, driver.session_id());
        let base = format!("http://{}", app.address);
        let browser = Self { driver, base, session, _chromedriver: chromedriver, _profile: profile };
        let permissions = json!({"origin": browser.base, "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]});
        browser.cdp("Browser.grantPermissions", permissions).await;
        // The page that a new window shows asks for things of its own; what came before this is forgotten.
        browser.driver.goto("about:blank").await.unwrap();
        browser.foreign_requests().await;
        browser.look(1280, "light").await;
        Some(browser)
    }

    /// Opens a window in which this person is signed in.
    pub(crate) async fn of(app: &TestApp, actor: &Actor) -> Option<Self> {
        let browser = Self::open(app).await?;
        let name = takeback::http::auth::cookie_name(&app.config);
        browser.cdp("Network.setCookie", json!({"url": browser.base, "name": name, "value": actor.secret, "httpOnly": true})).await;
        Some(browser)
    }

    /// A command of the Chrome DevTools Protocol.
    pub(crate) async fn cdp(&self, method: &str, parameters: Value) -> Value {
        self.driver.cdp().send_raw(method, parameters).await.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// Opens a page of the server, and is back when it has loaded.
    pub(crate) async fn goto(&self, path: &str) {
        self.driver.goto(format!("{}{path}", self.base)).await.unwrap();
    }

    /// Opens a page of another site.
    pub(crate) async fn visit(&self, url: &str) {
        self.driver.goto(url).await.unwrap();
    }

    pub(crate) async fn reload(&self) {
        self.driver.refresh().await.unwrap();
    }

    /// One page back in the window's history. A script that does it may be run again by the driver, which goes back twice.
    pub(crate) async fn back(&self) {
        self.driver.back().await.unwrap();
    }

    /// The window's size, and light or dark.
    pub(crate) async fn look(&self, width: u32, scheme: &str) {
        let metrics = json!({"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600});
        self.cdp("Emulation.setDeviceMetricsOverride", metrics).await;
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"}]);
        self.cdp("Emulation.setEmulatedMedia", json!({"features": features})).await;
    }

    /// Switches the pages' own scripts off.
    pub(crate) async fn without_scripts(&self) {
        self.cdp("Emulation.setScriptExecutionDisabled", json!({"value": true})).await;
    }

    /// What follows is about the page in the frame that the selector finds.
    pub(crate) async fn enter(&self, selector: &str) {
        self.find(By::Css(selector)).await.enter_frame().await.unwrap();
    }

    /// What follows is about the whole page again.
    pub(crate) async fn leave_frame(&self) {
        self.driver.enter_default_frame().await.unwrap();
    }

    async fn find(&self, by: By) -> WebElement {
        self.driver.query(by).wait(PATIENCE, Duration::from_millis(20)).and_displayed().first().await.unwrap()
    }

    /// Clicks what the selector finds.
    pub(crate) async fn click(&self, selector: &str) {
        self.click_on(By::Css(selector)).await;
    }

    /// Clicks it again if the page put another in its place, or something before it, between finding and clicking it.
    async fn click_on(&self, by: By) {
        let began = std::time::Instant::now();
        while let Err(error) = self.find(by.clone()).await.click().await {
            assert!(began.elapsed() < PATIENCE, "{error}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Clicks the button or link with these words; in a dialog, if one is open.
    pub(crate) async fn press(&self, words: &str) {
        let within = if self.driver.find_all(By::Css("dialog[open]")).await.unwrap().is_empty() { "" } else { "//dialog[@open]" };
        let path = format!("{within}//*[self::button or self::a][normalize-space(.)='{words}']");
        self.click_on(By::XPath(path)).await;
    }

    /// Types into an empty field, or over what is in it.
    pub(crate) async fn fill(&self, selector: &str, text: &str) {
        let field = self.find(By::Css(selector)).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Chooses a file.
    pub(crate) async fn choose(&self, selector: &str, file: &std::path::Path) {
        // File fields may be hidden behind something nicer.
        let field = self.driver.find(By::Css(selector)).await.unwrap();
        field.send_keys(file.canonicalize().unwrap().display().to_string()).await.unwrap();
    }

    /// Waits until the page says this.
    pub(crate) async fn sees(&self, words: &str) {
        let began = std::time::Instant::now();
        loop {
            let text = self.text().await;
            if text.contains(words) {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "the page never said {words:?}, but:\n{text}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Presses keys where the focus is.
    pub(crate) async fn keys(&self, keys: impl Into<TypingData>) {
        self.driver.active_element().await.unwrap().send_keys(keys).await.unwrap();
    }

    /// Waits until an expression of JavaScript holds.
    pub(crate) async fn until(&self, expression: &str) {
        let began = std::time::Instant::now();
        let script = format!("return (async () => Boolean({expression}))()");
        loop {
            // A page that is being changed for another answers nothing.
            let holds = self.driver.execute(&script, Vec::new()).await.is_ok_and(|answer| answer.json() == &json!(true));
            if holds {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "never: {expression}\n{}", self.text().await);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// What a person reads; nothing while a page is being changed for another.
    pub(crate) async fn text(&self) -> String {
        match self.driver.find(By::Css("body")).await {
            Ok(body) => body.text().await.unwrap_or_default(),
            Err(_) => String::new(),
        }
    }

    /// Path and query of the page that is open.
    pub(crate) async fn path(&self) -> String {
        let url = self.driver.current_url().await.unwrap();
        url.as_str().strip_prefix(&self.base).unwrap_or(url.as_str()).to_owned()
    }

    /// An attribute of what the selector finds.
    pub(crate) async fn attribute(&self, selector: &str, name: &str) -> String {
        self.find(By::Css(selector)).await.attr(name).await.unwrap().unwrap_or_default()
    }

    /// What an expression of JavaScript comes to.
    pub(crate) async fn eval(&self, expression: &str) -> Value {
        let script = format!("return (async () => ({expression}))().then(v => v === undefined ? null : v)");
        self.driver.execute(script, Vec::new()).await.unwrap().json().clone()
    }

    /// What a person would paste, as soon as there is something; it is taken out.
    pub(crate) async fn clipboard(&self) -> String {
        self.until("(await navigator.clipboard.readText()) !== ''").await;
        let text = self.eval("navigator.clipboard.readText()").await.as_str().unwrap().to_owned();
        self.eval("navigator.clipboard.writeText('')").await;
        text
    }
}
