//! The cookie that a guest is known by: a secret of the browser's, of which each link stores a hash of its own. So one
//! cookie serves for every link, and nothing in the database tells that two guests are one person.

use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};

use crate::config::Config;
use crate::ids;

/// What this browser brought, if it was a guest before.
#[derive(Clone, Debug)]
pub struct Secret(pub Option<String>);

impl Secret {
    /// From the cookies of a request.
    pub fn of(cookies: &CookieJar, config: &Config, framed: bool) -> Self {
        // As long as ours are: an empty one would be everybody's.
        let secret = cookies.get(name(config, framed)).map(|cookie| cookie.value().to_owned());
        Self(secret.filter(|secret| (40..=50).contains(&secret.len())))
    }
}

/// What is stored of the secret for a guest of this link.
pub fn hash(link_id: &str, secret: &str) -> Vec<u8> {
    ids::hash_secret(&format!("{link_id} {secret}"))
}

/// The cookie's name; as the session's, it can't come from a sub-domain where there is https. In a frame it is another.
pub fn name(config: &Config, framed: bool) -> &'static str {
    match (config.is_https(), framed) {
        (true, false) => "__Host-takeback-guest",
        (false, false) => "takeback-guest",
        (true, true) => "__Host-takeback-frame",
        (false, true) => "takeback-frame",
    }
}

/// The cookie itself. It lives as long as what was said. That of a frame belongs to the site around it
/// (`Partitioned`): another site with the same frame doesn't get it.
pub fn bake(config: &Config, secret: String, framed: bool) -> Cookie<'static> {
    let cookie = Cookie::build((name(config, framed), secret))
        .path("/")
        .http_only(true)
        .secure(config.is_https())
        .max_age(time::Duration::days(config.guest_days));
    // Without https browsers take no cookie from another site at all; then only one of ours can frame the chat.
    if framed && config.is_https() {
        cookie.same_site(SameSite::None).partitioned(true).build()
    } else {
        cookie.same_site(SameSite::Lax).build()
    }
}
