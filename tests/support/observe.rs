//! What a test sees of a page besides its words: requests, complaints, accessibility, the picture.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::browser::Browser;
use super::chromium::missing;

/// The widths and schemes in which every page is looked at.
pub(crate) const LOOKS: [(u32, &str); 4] = [(1280, "light"), (1280, "dark"), (360, "light"), (360, "dark")];

/// The folder that cargo builds into.
fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().to_owned()
}

impl Browser {
    /// Everything that was asked of other hosts since the last call, but for what the content policy held back.
    pub(crate) async fn foreign_requests(&self) -> Vec<String> {
        let mut foreign: Vec<(Value, String)> = Vec::new();
        for entry in self.log("performance").await {
            let event: Value = serde_json::from_str(entry["message"].as_str().unwrap()).unwrap();
            let (method, parameters) = (event["message"]["method"].as_str().unwrap(), &event["message"]["params"]);
            let url = match method {
                "Network.requestWillBeSent" => parameters["request"]["url"].as_str(),
                "Network.webSocketCreated" | "Network.webTransportCreated" => parameters["url"].as_str(),
                "Network.loadingFailed" if parameters["blockedReason"] == "csp" => {
                    foreign.retain(|(id, _)| *id != parameters["requestId"]);
                    None
                }
                _ => None,
            };
            let url = url.filter(|url| !self.is_ours(url)).map(|url| (parameters["requestId"].clone(), url.to_owned()));
            foreign.extend(url);
        }
        foreign.into_iter().map(|(_, url)| url).collect()
    }

    fn is_ours(&self, url: &str) -> bool {
        url.starts_with(&self.base) || url.starts_with("data:") || url.starts_with("blob:") || url == "about:blank"
    }

    /// What the browser wrote to its console since the last call: errors of scripts, refusals of the content policy,
    /// files that were not there.
    pub(crate) async fn complaints(&self) -> Vec<String> {
        let entries = self.log("browser").await;
        entries.iter().filter(|entry| entry["level"] == "SEVERE").map(|entry| entry["message"].as_str().unwrap().to_owned()).collect()
    }

    async fn log(&self, kind: &str) -> Vec<Value> {
        let request = reqwest::Client::new().post(format!("{}/se/log", self.session)).json(&json!({"type": kind}));
        let mut answer: Value = request.send().await.unwrap().json().await.unwrap();
        serde_json::from_value(answer["value"].take()).unwrap()
    }

    /// In every look: axe finds nothing, nothing sticks out sideways, and a picture is kept in target/screenshots.
    pub(crate) async fn assert_fine(&self, name: &str) {
        let mut wrong = Vec::new();
        for (width, scheme) in LOOKS {
            self.look(width, scheme).await;
            wrong.extend(self.axe().await.into_iter().map(|finding| format!("{name} at {width} px, {scheme}: {finding}")));
            self.screenshot(&format!("{name}-{width}-{scheme}")).await;
            let too_wide = self.eval("document.documentElement.scrollWidth - document.documentElement.clientWidth").await;
            let too_wide = too_wide.as_i64().unwrap();
            wrong.extend((too_wide > 0).then(|| format!("{name} at {width} px, {scheme}: {too_wide} px stick out sideways")));
        }
        assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    }

    pub(crate) async fn screenshot(&self, name: &str) {
        let folder = target().join("screenshots");
        std::fs::create_dir_all(&folder).unwrap();
        self.driver.screenshot(&folder.join(format!("{name}.png"))).await.unwrap();
    }

    /// What axe finds on the page as it is now.
    async fn axe(&self) -> Vec<String> {
        let path = target().join("axe/node_modules/axe-core/axe.min.js");
        let Ok(axe) = std::fs::read_to_string(&path) else {
            missing(&format!("{} is not there; bin/setup fetches it", path.display()));
            return Vec::new();
        };
        // The driver's scripts are not the page's, so the page's content policy has no say in them.
        self.driver.execute(axe, Vec::new()).await.unwrap();
        let found = self.eval("axe.run(document, {resultTypes: ['violations'], iframes: false}).then(r => r.violations)").await;
        let of = |violation: &Value| {
            let nodes = violation["nodes"].as_array().unwrap().iter();
            let nodes: Vec<String> = nodes.map(|node| format!("{} ({})", node["html"], node["failureSummary"])).collect();
            format!("{}: {}\n    {}", violation["id"], violation["help"], nodes.join("\n    "))
        };
        found.as_array().unwrap().iter().map(of).collect()
    }
}
