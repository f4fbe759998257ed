//! The faces of an [`Error`]: a page for people, JSON under `/v1`, a short line where a script asked for a fragment.
//!
//! A handler's error becomes an empty response that carries its [`Problem`]; [`draw`] fills in the face that the
//! request wants, and logs what only we should know.

use askama::Template;
use axum::extract::Request;
use axum::http::header::{LOCATION, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use serde_json::{Value, json};
use tracing::error;

use super::headers;
use super::layers::RequestId;
use crate::api::pace::is_api;
use crate::error::{Error, Problem};
use crate::links::pages::unlock::locked;

/// The face of every dead, closed or imagined share address: the same bytes for every cause.
#[derive(Template)]
#[template(path = "links/gone.html")]
struct GonePage;

#[derive(Template)]
#[template(path = "errors/error.html")]
struct ErrorPage<'a> {
    title: &'a str,
    what: &'a str,
    request_id: &'a str,
}

#[derive(Template)]
#[template(path = "errors/_error.html")]
struct ErrorFragment<'a> {
    title: &'a str,
    what: &'a str,
}

/// What travels from the handler to the layer.
#[derive(Clone)]
struct Carried {
    problem: Problem,
    kind: Kind,
}

#[derive(Clone, PartialEq)]
enum Kind {
    Gone,
    Locked { link_id: String, asks_password: bool },
    SignIn,
    Setup,
    Other,
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let problem = self.problem();
        if problem.status.is_server_error() {
            error!(cause = %self, "request failed");
        }
        let kind = match self {
            Self::Gone => Kind::Gone,
            Self::Locked { link_id, asks_password } => Kind::Locked { link_id, asks_password },
            Self::SignInRequired => Kind::SignIn,
            Self::SetupRequired => Kind::Setup,
            _ => Kind::Other,
        };
        let mut response = problem.status.into_response();
        response.extensions_mut().insert(Carried { problem, kind });
        response
    }
}

/// Draws the face.
pub async fn draw(request: Request, next: Next) -> Response {
    let path_and_query = request.uri().path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
    let is_api = is_api(request.uri().path());
    let is_fragment = request.headers().contains_key("x-fragment");
    let is_get = request.method() == Method::GET;
    let request_id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();

    let mut response = next.run(request).await;
    let Some(Carried { problem, kind }) = response.extensions_mut().remove::<Carried>() else {
        return response;
    };
    let mut drawn = if is_api {
        json_face(&problem)
    } else if is_fragment {
        (problem.status, face(&ErrorFragment { title: problem.title, what: &problem.words })).into_response()
    } else {
        match kind {
            Kind::Gone => gone(),
            Kind::Locked { link_id, asks_password } => {
                locked(&link_id, asks_password, None).unwrap_or_else(|_| problem.status.into_response())
            }
            Kind::Setup => redirect("/setup"),
            Kind::SignIn if is_get => redirect(&format!("/signin?next={}", encode(&path_and_query))),
            Kind::SignIn => redirect("/signin"),
            Kind::Other => {
                (problem.status, face(&ErrorPage { title: problem.title, what: &problem.words, request_id: &request_id })).into_response()
            }
        }
    };
    // Headers that the handler or an inner layer had set stay, but for the empty body's own.
    for (name, value) in response.headers() {
        if name != axum::http::header::CONTENT_LENGTH {
            drawn.headers_mut().entry(name).or_insert(value.clone());
        }
    }
    if let Some(seconds) = problem.retry_after_secs {
        drawn.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    drawn
}

/// The 404 of every share surface.
pub fn gone() -> Response {
    let mut response = (StatusCode::NOT_FOUND, face(&GonePage)).into_response();
    response.headers_mut().insert(headers::X_ROBOTS_TAG, headers::NOINDEX);
    response.headers_mut().insert(axum::http::header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(headers::SHARED));
    response
}

fn face(template: &impl Template) -> Html<String> {
    Html(template.render().unwrap_or_else(|error| {
        error!(cause = %error, "a template failed");
        "<!doctype html><title>Error</title><p>Something went wrong on the server.".to_owned()
    }))
}

/// An error as programs read it, also in the middle of a stream.
pub fn as_json(problem: &Problem) -> Value {
    json!({"error": {"message": problem.words, "type": problem.kind, "param": problem.field, "code": problem.code}})
}

fn json_face(problem: &Problem) -> Response {
    let mut response = (problem.status, axum::Json(as_json(problem))).into_response();
    if problem.status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

fn redirect(to: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(value) = HeaderValue::from_str(to) {
        response.headers_mut().insert(LOCATION, value);
    }
    response
}

/// Percent-encodes what has a meaning in a query.
fn encode(text: &str) -> String {
    askama::filters::urlencode_strict(text).map(|encoded| encoded.to_string()).unwrap_or_default()
}
