//! The security headers of every answer, and what a page may load.
//!
//! Nothing is allowed by `unsafe-*`, nothing from another host. Shared pages are stricter than the application.

use std::net::IpAddr;

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::header::{
    CONTENT_SECURITY_POLICY, HOST, HeaderName, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponseParts, Response};

use crate::app::App;

/// The application: own scripts, styles and images; a frame only for the preview in the share dialog.
const APP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; \
    connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// A shared page: own style, own images, one small script of ours for copying and printing; it can't be framed.
pub const SHARED: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The same page inside the share dialog.
pub const PREVIEW: &str = "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; \
    form-action 'none'; base-uri 'none'; frame-ancestors 'self'";

/// A chat with an assistant in a frame of ours, beside the form that makes it.
pub const FRAMED_CHAT: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'";

/// A file that a person uploaded: even opened by itself it can do nothing.
pub const FILE: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";

/// The noindex of every share surface. Its counterpart is that robots.txt does not forbid them: a crawler that may
/// not fetch a page never sees this.
pub const NOINDEX: HeaderValue = HeaderValue::from_static("noindex, nofollow, noarchive");

/// `X-Robots-Tag`, which the http crate has no constant for.
pub const X_ROBOTS_TAG: HeaderName = HeaderName::from_static("x-robots-tag");

const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
const CROSS_ORIGIN_OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Sets what the handler has not set itself.
pub async fn secure(State(app): State<App>, request: Request, next: Next) -> Response {
    let is_shared = is_share_surface(request.uri().path());
    let referrer_policy = referrer_policy(&app, request.headers());
    let mut response = next.run(request).await;
    let in_frames = response.extensions().get::<InFrames>().is_some();
    set(response.headers_mut(), &app, referrer_policy);
    if in_frames {
        // It knows "everywhere" and "nowhere" alone; the policy says where.
        response.headers_mut().remove(X_FRAME_OPTIONS);
    }
    if is_shared {
        response.headers_mut().insert(X_ROBOTS_TAG, NOINDEX);
    }
    response
}

/// That other sites may show a page in a frame: those that its own policy names.
#[derive(Clone, Copy, Debug)]
struct InFrames;

/// For a page that sites may show which `policy` names.
pub fn in_frames(policy: HeaderValue) -> impl IntoResponseParts {
    (Extension(InFrames), [(CONTENT_SECURITY_POLICY, policy), (CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("cross-origin"))])
}

/// Whether this path lies below a folder that strangers are given addresses in.
pub fn is_share_surface(path: &str) -> bool {
    path.starts_with("/share/") || path.starts_with("/g/") || path.starts_with("/embed/")
}

/// The same for an answer that didn't come through the layers.
pub fn fill(answer: &mut HeaderMap, app: &App, request: &HeaderMap) {
    set(answer, app, referrer_policy(app, request));
}

fn set(headers: &mut HeaderMap, app: &App, referrer_policy: &'static str) {
    let mut default = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    default(CONTENT_SECURITY_POLICY, APP);
    default(X_CONTENT_TYPE_OPTIONS, "nosniff");
    default(X_FRAME_OPTIONS, "DENY");
    default(REFERRER_POLICY, referrer_policy);
    default(PERMISSIONS_POLICY, "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()");
    default(CROSS_ORIGIN_OPENER_POLICY, "same-origin");
    default(CROSS_ORIGIN_RESOURCE_POLICY, "same-origin");
    if app.config.is_https() {
        default(STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
}

/// No address of ours leaves with a click. Under `no-referrer` a browser says `Origin: null` with our own forms, which
/// is no loss where it also says `Sec-Fetch-Site`: over https, and to this machine itself. Elsewhere (plain http on a
/// network name) nothing would be left to tell our form from a foreign one: there the policy is `same-origin`, which
/// tells other sites just as little.
fn referrer_policy(app: &App, request: &HeaderMap) -> &'static str {
    let host = request.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    if app.config.is_https() || is_this_machine(host) { "no-referrer" } else { "same-origin" }
}

/// Whether a `Host` names the machine that the browser runs on.
fn is_this_machine(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(v6) => v6.split(']').next(),
        None => host.split(':').next(),
    };
    let name = name.unwrap_or_default();
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_known_by_its_names() {
        for host in ["localhost", "localhost:8080", "LOCALHOST:1", "127.0.0.1", "127.0.0.1:8080", "127.8.8.8:1", "[::1]", "[::1]:8080"] {
            assert!(is_this_machine(host), "{host}");
        }
        for host in ["", "chat.lan", "192.168.1.5:8080", "localhost.example.org", "127.0.0.1.example.org", "[2001:db8::1]:80", "[", ":1"] {
            assert!(!is_this_machine(host), "{host}");
        }
    }
}
