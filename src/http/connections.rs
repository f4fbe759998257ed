//! Connections: how long one may wait before it speaks, how many there are, and how they end.
//!
//! axum's own loop waits for ever for a request's headers, so that a thousand idle connections would keep everybody
//! else out; this one doesn't.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ConnectInfo;
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1::Builder;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower::ServiceExt;
use tracing::{debug, warn};

use super::{leftover, routes};
use crate::app::App;
use crate::links::front;

/// How long a client may take for a request's headers, and be idle between two requests.
const PATIENCE: Duration = Duration::from_secs(30);
/// Connections at the same time; more wait in the kernel's queue.
const AT_ONCE: usize = 10_000;
/// How long requests that are under way get after the signal to stop.
const GRACE: Duration = Duration::from_secs(10);

/// Answers every connection until the server is told to stop; then finishes the requests that are under way.
pub async fn accept(app: &App, listener: TcpListener) {
    let router = routes::service(app);
    // HTTP/1.1 alone: HTTP/2 takes TLS, which a proxy in front of us speaks.
    let mut builder = Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(PATIENCE);
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(AT_ONCE));
    loop {
        let (stream, address) = tokio::select! {
            () = app.shutdown.cancelled() => break,
            connected = connected(&listener) => connected,
        };
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { break };
        let router = router.clone();
        let app = app.clone();
        let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
            let (router, app) = (router.clone(), app.clone());
            // In a box that goes with the answer's head: an open window would keep the room for it.
            Box::pin(async move {
                if request.body().is_end_stream()
                    && let Some(page) = front::answer(&app, &request).await
                {
                    return Ok(page);
                }
                let mut request = leftover::read_out(request);
                request.extensions_mut().insert(ConnectInfo(address));
                router.oneshot(request).await
            })
        });
        let watched = graceful.watch(builder.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            // A client that hangs up or takes too long is no fault of ours.
            if let Err(error) = watched.await {
                debug!(%error, "a connection ended");
            }
            drop(place);
        });
    }
    // Nobody else gets in.
    drop(listener);
    if tokio::time::timeout(GRACE, graceful.shutdown()).await.is_err() {
        warn!("some requests took too long and were cut off");
    }
}

async fn connected(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok((stream, address)) => {
                // Small answers leave at once.
                let _ = stream.set_nodelay(true);
                return (stream, address);
            }
            // Mostly too many open files: there will be room when others have gone.
            Err(error) => {
                warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}
