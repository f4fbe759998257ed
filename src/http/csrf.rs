//! No request from elsewhere acts for you.
//!
//! The rule is that of Go 1.25's `http.CrossOriginProtection`: an unsafe method passes when the browser says
//! `Sec-Fetch-Site: same-origin` (or `none`: the person typed it); a browser too old for that is judged by `Origin`;
//! a request with neither comes from a program, which has no ambient credentials. `SameSite=Lax` cookies are the
//! second wall.

use axum::extract::{Request, State};
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::api::pace::is_api;
use crate::app::App;
use crate::error::Error;

/// Refuses unsafe requests from other sites. Under `/v1` no browser sends a credential by itself, so none is refused
/// for where it comes from.
pub async fn refuse_cross_site(State(app): State<App>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || is_api(request.uri().path()) || is_ours(request.headers(), app.config.public_url.as_deref()) {
        next.run(request).await
    } else {
        Error::CrossSite.into_response()
    }
}

fn is_ours(headers: &HeaderMap, public_url: Option<&str>) -> bool {
    let text = |name| headers.get(name).map(|value: &axum::http::HeaderValue| value.to_str().unwrap_or("unreadable"));
    match (headers.get("sec-fetch-site").map(axum::http::HeaderValue::as_bytes), text(ORIGIN)) {
        (Some(site), _) => site == b"same-origin" || site == b"none",
        (None, None) => true,
        (None, Some(origin)) => {
            let same_host = origin.split_once("://").map(|(_, host)| host) == text(HOST);
            public_url.map_or(same_host, |ours| origin.eq_ignore_ascii_case(ours))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn the_browser_s_own_word_decides() {
        for (site, ours) in [("same-origin", true), ("none", true), ("same-site", false), ("cross-site", false), ("", false)] {
            let headers = headers(&[("sec-fetch-site", site), ("origin", "https://chat.example.org")]);
            assert_eq!(is_ours(&headers, Some("https://chat.example.org")), ours, "{site}");
        }
    }

    #[test]
    fn without_it_the_origin_must_be_the_public_url() {
        let of = |origin| headers(&[("origin", origin), ("host", "chat.example.org")]);
        assert!(is_ours(&of("https://chat.example.org"), Some("https://chat.example.org")));
        assert!(is_ours(&of("https://chat.example.org"), None));
        for foreign in ["http://chat.example.org", "https://evil.example", "null", "https://chat.example.org.evil.example"] {
            assert!(!is_ours(&of(foreign), Some("https://chat.example.org")), "{foreign}");
        }
        assert!(!is_ours(&of("https://evil.example"), None));
    }

    #[test]
    fn a_program_sends_neither() {
        assert!(is_ours(&headers(&[("host", "chat.example.org")]), None));
    }
}
