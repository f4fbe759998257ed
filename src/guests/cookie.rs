//! The cookie that a guest is known by: a secret of the browser's, of which each link stores a hash of its own. So one
//! cookie serves for every link, and nothing in the database tells that two guests are one person.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};

use crate::app::App;
use crate::config::Config;
use crate::ids;

/// What this browser brought, if it was a guest before.
#[derive(Clone, Debug)]
pub struct Secret(pub Option<String>);

impl Secret {
    /// From the cookies of a request.
    pub fn of(headers: &HeaderMap, config: &Config) -> Self {
        let cookies = CookieJar::from_headers(headers);
        // As long as ours are: an empty one would be everybody's.
        let secret = cookies.get(name(config)).map(|cookie| cookie.value().to_owned()).filter(|secret| (40..=50).contains(&secret.len()));
        Self(secret)
    }
}

impl FromRequestParts<App> for Secret {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.headers, &app.config))
    }
}

/// What is stored of the secret for a guest of this link.
pub fn hash(link_id: &str, secret: &str) -> Vec<u8> {
    ids::hash_secret(&format!("{link_id} {secret}"))
}

/// The cookie's name; as the session's, it can't come from a sub-domain where there is https.
pub fn name(config: &Config) -> &'static str {
    if config.is_https() { "__Host-takeback-guest" } else { "takeback-guest" }
}

/// The cookie itself. It lives as long as what was said.
pub fn bake(config: &Config, secret: String) -> Cookie<'static> {
    Cookie::build((name(config), secret))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(config.is_https())
        .max_age(time::Duration::days(config.guest_days))
        .build()
}
