//! The scripted provider's HTTP: packets as small as the script says, and connections that break.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Instant;

use axum::body::{Body, Bytes};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::script::{Script, Step};
use super::wire::Wire;
use super::{Asked, State};

/// Serves until it is dropped; the connections end with it.
pub(super) async fn run(listener: TcpListener, state: Arc<State>) {
    let mut connections = JoinSet::new();
    loop {
        let (stream, _) = tokio::select! {
            accepted = listener.accept() => accepted.unwrap(),
            Some(_) = connections.join_next() => continue,
        };
        stream.set_nodelay(true).unwrap();
        let reset = Arc::new(AtomicBool::new(false));
        let io = TokioIo::new(Wired { stream, reset: reset.clone() });
        let state = state.clone();
        let service = service_fn(move |request| answer(state.clone(), reset.clone(), request));
        connections.spawn(async move {
            // A connection that breaks is what some scripts want.
            let _ = hyper::server::conn::http1::Builder::new().serve_connection(io, service).await;
        });
    }
}

async fn answer(state: Arc<State>, reset: Arc<AtomicBool>, request: Request<Incoming>) -> Result<Response<Body>, Infallible> {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(Body::new(body), usize::MAX).await.unwrap_or_default();
    let path = head.uri.path_and_query().unwrap().to_string();
    let headers = head.headers.iter().map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
    let asked = Asked {
        method: head.method.to_string(),
        path: path.clone(),
        headers: headers.collect(),
        json: serde_json::from_slice(&body).unwrap_or(Value::Null),
        at: Instant::now(),
        disconnected: None,
        finished: false,
    };
    let Some(wire) = Wire::of(&path) else {
        let reply = list(&state, &asked);
        state.listed.send_modify(|all| all.push(asked));
        return Ok(reply);
    };
    let script = state.take(&String::from_utf8_lossy(&body));
    let mut number = 0;
    state.asked.send_modify(|all| {
        number = all.len();
        all.push(asked);
    });
    if script.hold_head {
        let guard = HangUp { state: state.clone(), number };
        state.hold().await;
        std::mem::forget(guard);
    }
    let plain = script.headers.iter().any(|(name, _)| *name == "content-type");
    let mut reply = Response::builder().status(script.status);
    if !plain {
        reply = reply.header("content-type", wire.content_type());
    }
    for (name, value) in &script.headers {
        reply = reply.header(*name, value);
    }
    // One at a time, so that every packet is written before the next is made.
    let (packets, receiver) = mpsc::channel(1);
    tokio::spawn(play(state.clone(), number, script, (!plain).then_some(wire), packets, reset));
    let packets = futures_util::stream::unfold(receiver, |mut receiver| async { Some((receiver.recv().await?, receiver)) });
    Ok(reply.body(Body::from_stream(packets)).unwrap())
}

/// Sends the script's packets until it ends or nobody listens any more.
async fn play(
    state: Arc<State>,
    number: usize,
    script: Script,
    wire: Option<Wire>,
    packets: mpsc::Sender<std::io::Result<Bytes>>,
    reset: Arc<AtomicBool>,
) {
    let sent = tokio::select! {
        () = packets.closed() => None,
        sent = async {
            send(&packets, &wire.map_or_else(Vec::new, Wire::begin), script.packet).await?;
            for (at, step) in script.steps.iter().enumerate() {
                match step {
                    Step::Wait(time) => tokio::time::sleep(*time).await,
                    Step::Hold => state.hold().await,
                    Step::Stall => std::future::pending().await,
                    Step::Reset => {
                        reset.store(true, Ordering::Relaxed);
                        let _ = packets.send(Err(std::io::ErrorKind::ConnectionReset.into())).await;
                        return Some(());
                    }
                    Step::Raw(bytes) => send(&packets, bytes, script.packet).await?,
                    step => send(&packets, &wire.unwrap_or(Wire::OpenAi).step(step, at), script.packet).await?,
                }
            }
            Some(())
        } => sent,
    };
    state.asked.send_modify(|all| match sent {
        Some(()) => all[number].finished = true,
        None => all[number].disconnected = Some(Instant::now()),
    });
}

async fn send(packets: &mpsc::Sender<std::io::Result<Bytes>>, bytes: &[u8], size: usize) -> Option<()> {
    for packet in bytes.chunks(size) {
        packets.send(Ok(Bytes::copy_from_slice(packet))).await.ok()?;
        if size < bytes.len() {
            // The connection's turn, so that the packets do not become one.
            tokio::task::yield_now().await;
        }
    }
    Some(())
}

/// The list of models, for every format's way of asking.
fn list(state: &State, asked: &Asked) -> Response<Body> {
    if let Some(script) = state.no_list.lock().unwrap().clone() {
        let mut reply = Response::builder().status(script.status);
        for (name, value) in &script.headers {
            reply = reply.header(*name, value);
        }
        let body: Vec<u8> = script.steps.iter().flat_map(|step| Wire::OpenAi.step(step, 0)).collect();
        return reply.body(Body::from(body)).unwrap();
    }
    let names = state.models.lock().unwrap().clone();
    let path = asked.path.split('?').next().unwrap();
    let each = |of: fn(&String) -> Value| names.iter().map(of).collect::<Vec<_>>();
    let body = match path {
        "/api/tags" => json!({"models": each(|name| json!({"name": name, "model": name, "size": 1, "details": {"family": "scripted"}}))}),
        "/api/show" => json!({"capabilities": ["completion", "vision"], "model_info": {"scripted.context_length": 16_384}}),
        "/api/version" => json!({"version": "0.1.0"}),
        "/v1beta/models" => json!({"models": each(|name| json!({
            "name": format!("models/{name}"), "inputTokenLimit": 32_768, "outputTokenLimit": 8_192,
            "supportedGenerationMethods": ["generateContent", "countTokens"],
        }))}),
        "/v1/models" if !asked.header("anthropic-version").is_empty() => {
            json!({"data": each(|name| json!({"type": "model", "id": name, "display_name": name})), "has_more": false})
        }
        "/v1/models" => json!({"object": "list", "data": each(listed)}),
        _ => return Response::builder().status(404).body(Body::from("not here")).unwrap(),
    };
    Response::builder().header("content-type", "application/json").body(Body::from(body.to_string())).unwrap()
}

/// As OpenAI lists it; of the usual one it is said that it takes pictures.
fn listed(name: &String) -> Value {
    let mut model = json!({"id": name, "object": "model", "owned_by": "test"});
    if name == "scripted" {
        model["architecture"] = json!({"input_modalities": ["text", "image"]});
    }
    model
}

impl State {
    fn take(&self, request: &str) -> Script {
        let mut scripts = self.scripts.lock().unwrap();
        if let Some(at) = scripts.when.iter().position(|(words, _)| request.contains(words)) {
            return scripts.when.remove(at).1;
        }
        let next = scripts.next.pop_front();
        next.or_else(|| scripts.always.clone()).unwrap_or_else(|| Script::says("A scripted answer."))
    }

    async fn hold(&self) {
        self.held.send_modify(|held| *held += 1);
        self.gate.acquire().await.unwrap().forget();
    }
}

/// Notes that the client went away while it waited for the head of an answer.
struct HangUp {
    state: Arc<State>,
    number: usize,
}

impl Drop for HangUp {
    fn drop(&mut self) {
        self.state.asked.send_modify(|all| all[self.number].disconnected = Some(Instant::now()));
    }
}

/// A connection that ends with a reset, if it was told to.
struct Wired {
    stream: TcpStream,
    reset: Arc<AtomicBool>,
}

impl Drop for Wired {
    fn drop(&mut self) {
        if self.reset.load(Ordering::Relaxed) {
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Wired {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, into)
    }
}

impl AsyncWrite for Wired {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
