//! Chromium with its driver: a fresh profile for each test, nothing fetched in the background.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

/// What makes Chromium work in a container, keep still, and stay on the ground of HTTP over TCP.
const FLAGS: [&str; 12] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--disable-search-engine-choice-screen",
    "--force-color-profile=srgb",
];

/// A running chromedriver. Dropping it ends it, and the browsers that it started.
pub(super) struct Chromedriver {
    process: Child,
    pub(super) url: String,
}

impl Chromedriver {
    /// Starts one on a free port; `None` where it is not installed and need not be.
    pub(super) fn start() -> Option<Self> {
        // It takes a port that is free under IPv4, and gives up if another program has the same one under IPv6.
        for _ in 0..10 {
            let command = Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
            match command {
                Ok(process) => {
                    if let Some(driver) = Self::listening(process) {
                        return Some(driver);
                    }
                }
                Err(error) => {
                    missing(&format!("chromedriver does not start ({error}); bin/setup installs it"));
                    return None;
                }
            }
        }
        panic!("chromedriver says no port");
    }

    /// The one of this process, once it says its port; `None` if it gives up.
    fn listening(mut process: Child) -> Option<Self> {
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut driver = Self { process, url: String::new() };
        let port = lines.find_map(|line| {
            let line = line.unwrap();
            line.split_once("started successfully on port ").map(|(_, port)| port.trim_end_matches('.').to_owned())
        })?;
        // Read on, so that it never waits for somebody to read.
        std::thread::spawn(move || lines.count());
        driver.url = format!("http://127.0.0.1:{port}");
        Some(driver)
    }
}

impl Drop for Chromedriver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub(super) fn capabilities(profile: &std::path::Path) -> Value {
    let profile = format!("--user-data-dir={}", profile.display());
    let arguments: Vec<&str> = FLAGS.into_iter().chain([profile.as_str()]).collect();
    json!({
        "browserName": "chrome",
        "goog:chromeOptions": {"args": arguments},
        "goog:loggingPrefs": {"performance": "ALL", "browser": "ALL"},
    })
}

/// Whether something that a test needs may be missing: not in CI. Says so past the test's own output.
#[expect(clippy::disallowed_methods, reason = "tests are configured by the environment")]
pub(crate) fn missing(what: &str) {
    let must_be_there = std::env::var("CI").is_ok_and(|ci| ci == "true");
    assert!(!must_be_there, "{what}");
    let test = std::thread::current().name().unwrap_or("a test").to_owned();
    let _ = writeln!(std::io::stderr(), "skipped {test}: {what}");
}
