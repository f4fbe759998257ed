//! Programs that ask models: `/v1/models` and `/v1/chat/completions`.

mod ask;
mod bad;
mod ends;
mod fields;
mod limits;
mod models;
mod stream;

use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use takeback::config::Config;
use takeback::providers::settings::Kind;

use crate::support::{Actor, Caller, Reply, Script, TestApp, Upstream};

/// Where models are asked.
const PATH: &str = "/v1/chat/completions";
/// The one model that there is.
const MODEL: &str = "upstream/scripted";

/// A server with one provider, one person and their program.
struct Scene {
    upstream: Upstream,
    app: TestApp,
    owner: Actor,
    program: Caller,
}

impl Scene {
    async fn new() -> Self {
        Self::with(Kind::OpenAi, |_| ()).await
    }

    async fn with(kind: Kind, change: impl FnOnce(&mut Config)) -> Self {
        Self::with_models(kind, &["scripted"], change).await
    }

    async fn with_models(kind: Kind, models: &[&str], change: impl FnOnce(&mut Config)) -> Self {
        let upstream = Upstream::start().await;
        upstream.set_models(models);
        let app = TestApp::start_with(|config| {
            upstream.connect(config, kind);
            change(config);
        })
        .await;
        let owner = app.owner().await;
        let program = app.program_of(&owner.user).await;
        Self { upstream, app, owner, program }
    }

    /// Asks; the answer is this.
    async fn ask(&self, body: &Value, script: Script) -> Reply {
        self.upstream.answer_next(script);
        self.program.post(PATH, body).await
    }

    /// Asks for chunks; the answer is this.
    async fn stream(&self, body: &Value, script: Script) -> Chunks {
        self.upstream.answer_next(script);
        Chunks::of(self.program.request(Method::POST, PATH).json(body)).await
    }
}

/// A question with these fields besides.
fn question(more: &Value) -> Value {
    let mut body = json!({"model": MODEL, "messages": [{"role": "user", "content": "How long does tea steep?"}]});
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

/// An answer that arrives.
struct Chunks {
    bytes: BoxStream<'static, reqwest::Result<axum::body::Bytes>>,
    buffer: Vec<u8>,
}

impl Chunks {
    async fn of(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        assert_eq!((response.status().as_u16(), &response.headers()["content-type"]), (200, &"text/event-stream".parse().unwrap()));
        assert_eq!(response.headers()["cache-control"], "no-store");
        Self { bytes: response.bytes_stream().boxed(), buffer: Vec::new() }
    }

    /// The next event's data as it is; `None` at the end.
    async fn next(&mut self) -> Option<String> {
        tokio::time::timeout(Duration::from_secs(120), self.read()).await.expect("a chunk was waited for in vain")
    }

    async fn read(&mut self) -> Option<String> {
        loop {
            while let Some(end) = self.buffer.windows(2).position(|two| two == b"\n\n") {
                let block: Vec<u8> = self.buffer.drain(..end + 2).collect();
                let block = String::from_utf8(block).unwrap();
                if let Some(data) = block.strip_prefix("data: ") {
                    return Some(data.trim_end().to_owned());
                }
                assert!(block.starts_with(':'), "{block:?}");
            }
            self.buffer.extend_from_slice(&self.bytes.next().await?.ok()?);
        }
    }

    /// The next chunk.
    async fn chunk(&mut self) -> Value {
        serde_json::from_str(&self.next().await.expect("the answer ended too early")).unwrap()
    }

    /// Reads until these words have come; answers all that came.
    async fn until(&mut self, words: &str) -> String {
        let mut text = String::new();
        while !text.contains(words) {
            text.push_str(self.chunk().await["choices"][0]["delta"]["content"].as_str().unwrap_or_default());
        }
        text
    }

    /// Everything up to the end.
    async fn rest(mut self) -> Vec<String> {
        let mut all = Vec::new();
        while let Some(data) = self.next().await {
            all.push(data);
        }
        all
    }
}

/// What was sent to the provider, the last time.
async fn sent(upstream: &Upstream) -> Value {
    upstream.asked(1).await.pop().unwrap().json
}
