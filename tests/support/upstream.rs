//! A scripted provider: a real HTTP server on this machine that speaks each provider's true wire format, chunk by
//! chunk. What it answers is data ([`Script`]); what it was asked it remembers ([`Asked`]).
//!
//! ```ignore
//! let upstream = Upstream::start().await;
//! let app = TestApp::start_with(|config| upstream.connect(config, Kind::OpenAi)).await; // model "upstream/scripted"
//! upstream.answer_next(Script::says("Hello **there**.").hold_before(1)); // stops after the first word …
//! upstream.held(1).await;                                               // … which has now been sent …
//! upstream.release();                                                   // … and goes on to the end
//! upstream.asked(1).await[0].json["messages"];                          // what the server sent
//! upstream.disconnected(0).await;                                       // the server hung up on the first request
//! ```
//!
//! Scripts are taken in this order: the first of [`Upstream::answer_when`] whose words are in the request (each is
//! used once), then those of [`Upstream::answer_next`] in their order, then [`Upstream::answer_always`], which
//! begins as a short answer.

mod script;
mod server;
mod wire;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use takeback::config::Config;
use takeback::providers::settings::{Kind, ProviderSettings};
use tokio::sync::{Semaphore, watch};

pub(crate) use script::{Script, Step, Tool};

/// How long a test waits for something to happen before it gives up.
const PATIENCE: Duration = Duration::from_secs(120);

/// The scripted provider. Dropping it ends it.
pub(crate) struct Upstream {
    address: SocketAddr,
    state: Arc<State>,
    server: tokio::task::JoinHandle<()>,
}

/// A request that arrived.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) method: String,
    /// With the query.
    pub(crate) path: String,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// The body; null when there is none.
    pub(crate) json: serde_json::Value,
    pub(crate) at: Instant,
    /// When the client hung up before the answer's end.
    pub(crate) disconnected: Option<Instant>,
    /// The answer went out to its end.
    pub(crate) finished: bool,
}

impl Asked {
    /// A header's value; empty when it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

/// What the server and its user share.
pub(super) struct State {
    scripts: Mutex<Scripts>,
    models: Mutex<Vec<String>>,
    /// Requests for answers; those for the list of models are apart.
    asked: watch::Sender<Vec<Asked>>,
    listed: watch::Sender<Vec<Asked>>,
    /// Each [`Step::Hold`] takes one.
    gate: Semaphore,
    /// How many streams came to a hold so far.
    held: watch::Sender<usize>,
    /// In place of the list of models.
    no_list: Mutex<Option<Script>>,
}

#[derive(Default)]
struct Scripts {
    when: Vec<(String, Script)>,
    next: std::collections::VecDeque<Script>,
    always: Option<Script>,
}

impl Upstream {
    pub(crate) async fn start() -> Self {
        Self::start_at(SocketAddr::from(([127, 0, 0, 1], 0))).await
    }

    /// At an address that a test knows beforehand.
    pub(crate) async fn start_at(address: SocketAddr) -> Self {
        takeback::providers::tls::install();
        let state = Arc::new(State {
            scripts: Mutex::default(),
            models: Mutex::new(vec!["scripted".to_owned()]),
            asked: watch::Sender::default(),
            listed: watch::Sender::default(),
            gate: Semaphore::new(0),
            held: watch::Sender::default(),
            no_list: Mutex::default(),
        });
        let listener = tokio::net::TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(server::run(listener, state.clone()));
        Self { address, state, server }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// What a person would type as the address of a provider of this kind.
    pub(crate) fn base_url(&self, kind: Kind) -> String {
        let path = match kind {
            Kind::OpenAi | Kind::Compatible | Kind::Anthropic => "/v1",
            Kind::Gemini => "/v1beta",
            Kind::Ollama => "",
        };
        format!("http://{}{path}", self.address)
    }

    /// Makes this the server's only provider: its id is `upstream`, its model `upstream/scripted`.
    pub(crate) fn connect(&self, config: &mut Config, kind: Kind) {
        config.providers = vec![self.settings("upstream", kind)];
    }

    /// As if it stood in takeback.toml.
    pub(crate) fn settings(&self, name: &str, kind: Kind) -> ProviderSettings {
        ProviderSettings::new(name, kind, &self.base_url(kind), Some("sk-test-upstream"))
    }

    /// The names of its models. Without a call there is one: `scripted`.
    pub(crate) fn set_models(&self, names: &[&str]) {
        *self.state.models.lock().unwrap() = names.iter().map(|&name| name.to_owned()).collect();
    }

    /// Answers this when asked for the list of models.
    pub(crate) fn answer_list(&self, script: Script) {
        *self.state.no_list.lock().unwrap() = Some(script);
    }

    /// Answers one more request, after those that are lined up already.
    pub(crate) fn answer_next(&self, script: Script) {
        self.state.scripts.lock().unwrap().next.push_back(script);
    }

    /// Answers one request in which these words are.
    pub(crate) fn answer_when(&self, words: &str, script: Script) {
        self.state.scripts.lock().unwrap().when.push((words.to_owned(), script));
    }

    /// Answers every request for which nothing is lined up.
    pub(crate) fn answer_always(&self, script: Script) {
        self.state.scripts.lock().unwrap().always = Some(script);
    }

    /// Lets one stream that is or comes to be held go on.
    pub(crate) fn release(&self) {
        self.state.gate.add_permits(1);
    }

    /// Lets every hold pass from now on.
    pub(crate) fn release_all(&self) {
        self.state.gate.add_permits(Semaphore::MAX_PERMITS / 2);
    }

    /// Waits until streams came to a hold this many times, all counted from the start.
    pub(crate) async fn held(&self, times: usize) {
        wait(&mut self.state.held.subscribe(), "a hold", |held| *held >= times).await;
    }

    /// What was asked for so far, lists of models aside.
    pub(crate) fn requests(&self) -> Vec<Asked> {
        self.state.asked.borrow().clone()
    }

    /// Requests for the list of models so far.
    pub(crate) fn list_requests(&self) -> Vec<Asked> {
        self.state.listed.borrow().clone()
    }

    /// Waits until whatever was to be answered next is being answered: what asks for it does so after its own answer.
    pub(crate) async fn taken(&self) {
        let all = |_: &Vec<Asked>| self.state.scripts.lock().unwrap().next.is_empty();
        wait(&mut self.state.asked.subscribe(), "the next request", all).await;
    }

    /// Waits until this many requests arrived; answers all.
    pub(crate) async fn asked(&self, count: usize) -> Vec<Asked> {
        wait(&mut self.state.asked.subscribe(), "a request", |asked| asked.len() >= count).await;
        self.requests()
    }

    /// Waits until the client hung up on this request (counted from 0); answers when.
    pub(crate) async fn disconnected(&self, number: usize) -> Instant {
        let hung_up = |asked: &Vec<Asked>| asked.get(number).is_some_and(|asked| asked.disconnected.is_some());
        wait(&mut self.state.asked.subscribe(), "the end of a connection", hung_up).await;
        self.requests()[number].disconnected.unwrap()
    }

    /// Waits until this request (counted from 0) was answered to the end.
    pub(crate) async fn finished(&self, number: usize) {
        let finished = |asked: &Vec<Asked>| asked.get(number).is_some_and(|asked| asked.finished);
        wait(&mut self.state.asked.subscribe(), "the end of an answer", finished).await;
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn wait<T>(watched: &mut watch::Receiver<T>, what: &str, fits: impl FnMut(&T) -> bool) {
    let waiting = tokio::time::timeout(PATIENCE, watched.wait_for(fits));
    assert!(waiting.await.is_ok(), "waited for {what} in vain");
}
