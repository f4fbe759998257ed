//! A person's own program that is told things: a real HTTP server on this machine, which remembers what it was sent
//! and answers what the test says.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;

const PATIENCE: Duration = Duration::from_secs(120);

/// The program. Dropping it ends it.
pub(crate) struct Receiver {
    pub(crate) address: SocketAddr,
    state: Arc<Inner>,
    server: tokio::task::JoinHandle<()>,
}

struct Inner {
    heard: watch::Sender<Vec<Heard>>,
    /// What is answered next; 204 when nothing is left.
    answers: Mutex<VecDeque<(u16, Option<String>)>>,
    /// Whether answers wait.
    held: watch::Sender<bool>,
}

/// A request that arrived.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Inner { heard: watch::Sender::default(), answers: Mutex::default(), held: watch::Sender::default() });
        let router = Router::new().fallback(hear).with_state(state.clone());
        let server = tokio::spawn(async { axum::serve(listener, router).await.unwrap() });
        Self { address, state, server }
    }

    /// Where it is told.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    /// What it answers next, one after the other.
    pub(crate) fn answer_next(&self, statuses: &[u16]) {
        self.state.answers.lock().unwrap().extend(statuses.iter().map(|status| (*status, None)));
    }

    /// The next answer leads elsewhere.
    pub(crate) fn redirect_next(&self, status: u16, to: &str) {
        self.state.answers.lock().unwrap().push_back((status, Some(to.to_owned())));
    }

    /// From now on it takes what is sent and says nothing.
    pub(crate) fn hold(&self) {
        self.state.held.send_replace(true);
    }

    /// It answers, also what it held.
    pub(crate) fn release(&self) {
        self.state.held.send_replace(false);
    }

    /// What it was sent so far.
    pub(crate) fn all(&self) -> Vec<Heard> {
        self.state.heard.borrow().clone()
    }

    /// Waits until it was sent so many, and answers all.
    pub(crate) async fn heard(&self, count: usize) -> Vec<Heard> {
        let mut heard = self.state.heard.subscribe();
        let enough = tokio::time::timeout(PATIENCE, heard.wait_for(|all| all.len() >= count)).await;
        let Ok(all) = enough else { panic!("{count} requests never came, but {:?}", self.all()) };
        all.unwrap().clone()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn hear(State(state): State<Arc<Inner>>, headers: HeaderMap, body: Bytes) -> Response {
    let heard = Heard { headers, body: String::from_utf8(body.to_vec()).unwrap() };
    state.heard.send_modify(|all| all.push(heard));
    let _ = state.held.subscribe().wait_for(|held| !held).await;
    let next = state.answers.lock().unwrap().pop_front();
    match next.unwrap_or((204, None)) {
        (status, Some(to)) => (StatusCode::from_u16(status).unwrap(), [("location", to)]).into_response(),
        (status, None) => StatusCode::from_u16(status).unwrap().into_response(),
    }
}

impl Heard {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// What is told, by its name.
    pub(crate) fn kind(&self) -> String {
        self.json()["type"].as_str().unwrap().to_owned()
    }

    /// Whether one of the signatures is made with this secret, by the rules of Standard Webhooks: HMAC-SHA256 with the
    /// bytes behind `whsec_` over id, time and body with dots between, in base64 behind `v1,`.
    pub(crate) fn is_signed_with(&self, secret: &str) -> bool {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&key).unwrap();
        for part in [self.header("webhook-id"), ".", self.header("webhook-timestamp"), ".", &self.body] {
            mac.update(part.as_bytes());
        }
        let expected = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
        self.header("webhook-signature").split(' ').any(|signature| signature == expected)
    }
}
