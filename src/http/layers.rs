//! What every request passes through, from the outside in.

use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::{Router, http::StatusCode};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tracing::info;

use super::{auth, cache, csrf, headers, problem};
use crate::api::pace;
use crate::app::App;
use crate::audit::place;
use crate::completions::complete;
use crate::error::Error;
use crate::ids;
use crate::transfer::api::create as imports;

/// The request's id: in the log, on the error page and in the answer's header.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// How long a handler may think. Downloads stream and are not counted in it; an upload has a limit of its own on how
/// long the sender may be silent.
const TIMEOUT: Duration = Duration::from_mins(2);

/// Where a file as large as the sender's patience is received.
pub const UPLOAD: &str = "/import";

/// Whether a handler may think for longer: it takes an upload, or waits for a model's last word. What it reads and waits
/// for has limits of its own.
fn may_be_slow(method: &Method, path: &str) -> bool {
    let says = path.starts_with("/v1/conversations/") && path.ends_with("/messages");
    method == Method::POST && (path == UPLOAD || path == imports::PATH || path == complete::PATH || says)
}

/// Wraps the routes.
pub fn wrap(router: Router<App>, app: &App) -> Router {
    router
        .layer(CatchPanicLayer::custom(|_| Error::Internal("a handler panicked".to_owned()).into_response()))
        .layer(middleware::from_fn_with_state(app.clone(), place::note))
        .layer(middleware::from_fn(end_slow))
        .layer(middleware::from_fn_with_state(app.clone(), csrf::refuse_cross_site))
        .layer(middleware::from_fn_with_state(app.clone(), pace::keep))
        .layer(middleware::from_fn(problem::draw))
        .layer(middleware::from_fn_with_state(app.clone(), auth::renew))
        .layer(middleware::from_fn(cache::no_store_by_default))
        .layer(middleware::from_fn_with_state(app.clone(), headers::secure))
        .layer(CompressionLayer::new().compress_when(DefaultPredicate::new().and(NotForContentType::SSE)))
        .layer(middleware::from_fn(log))
        .with_state(app.clone())
}

/// Ends a handler that takes too long.
async fn end_slow(request: Request, next: Next) -> Response {
    if may_be_slow(request.method(), request.uri().path()) {
        return next.run(request).await;
    }
    match tokio::time::timeout(TIMEOUT, next.run(request)).await {
        Ok(response) => response,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// One line for each request: the route's pattern, never the address itself, for that may hold a link's secret.
async fn log(mut request: Request, next: Next) -> Response {
    let id = ids::new("req");
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str).to_owned();
    request.extensions_mut().insert(RequestId(id.clone()));
    let began = Instant::now();
    let span = tracing::info_span!("request", id);
    let mut response = tracing::Instrument::instrument(next.run(request), span).await;
    finish(&mut response, &id, &method, &route, began);
    response
}

/// Says in the log what was answered, and in the answer under which id.
pub fn finish(response: &mut Response, id: &str, method: &Method, route: &str, began: Instant) {
    let micros = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
    info!(target: "takeback::request", id, %method, route, status = response.status().as_u16(), micros);
    if let Ok(value) = HeaderValue::from_str(id) {
        response.headers_mut().insert(X_REQUEST_ID, value);
    }
}
