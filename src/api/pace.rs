//! How fast programs may ask: by address, by key, and by person, who may have many keys. Every answer says how much is
//! left, in the headers that OpenAI's clients know.

use std::sync::{Arc, OnceLock};

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::error::Error;
use crate::http::client::ClientAddress;
use crate::http::limits::Standing;

const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit-requests");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining-requests");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset-requests");

/// Whether this path lies below `/v1`.
pub fn is_api(path: &str) -> bool {
    path == "/v1" || path.starts_with("/v1/")
}

/// What the key and its person have left, once they are known.
#[derive(Clone, Default)]
struct Known(Arc<OnceLock<Standing>>);

/// Counts by address before anything else is done, and says in the answer what is left: of the key's share if the key
/// is known, or else of the address's.
pub async fn keep(State(app): State<App>, request: Request, next: Next) -> Response {
    if !is_api(request.uri().path()) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let from = ClientAddress::from_request_parts(&mut parts, &app).await.unwrap_or_else(|never| match never {});
    let (standing, allowed) = app.limits.api_address(from.key());
    let known = Known::default();
    let mut response = match allowed {
        Ok(()) => {
            parts.extensions.insert(known.clone());
            next.run(Request::from_parts(parts, body)).await
        }
        Err(error) => error.into_response(),
    };
    let Standing { limit, remaining, full_in_secs } = *known.0.get().unwrap_or(&standing);
    let headers = response.headers_mut();
    headers.insert(LIMIT, limit.into());
    headers.insert(REMAINING, remaining.into());
    headers.insert(RESET, HeaderValue::from_str(&duration(full_in_secs)).unwrap_or(HeaderValue::from_static("1m0s")));
    response
}

/// Counts one request of a key and its person.
///
/// # Errors
/// [`Error::RateLimited`]
pub fn count(parts: &Parts, app: &App, key_id: &str, user_id: &str) -> Result<(), Error> {
    let (of_key, first) = app.limits.api_key(key_id);
    let (standing, allowed) = if first.is_err() {
        (of_key, first)
    } else {
        let (of_person, second) = app.limits.api_person(user_id);
        (if of_person.remaining < of_key.remaining { of_person } else { of_key }, second)
    };
    if let Some(known) = parts.extensions.get::<Known>() {
        // Set once for each request.
        let _ = known.0.set(standing);
    }
    allowed
}

/// As OpenAI writes it: `8s`, `1m0s`.
fn duration(seconds: u64) -> String {
    if seconds < 60 { format!("{seconds}s") } else { format!("{}m{}s", seconds / 60, seconds % 60) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_written_as_clients_read_it() {
        assert_eq!([0, 8, 60, 125].map(duration), ["0s", "8s", "1m0s", "2m5s"]);
        assert!(is_api("/v1") && is_api("/v1/") && is_api("/v1/x") && !is_api("/v11") && !is_api("/share/v1/"));
    }
}
