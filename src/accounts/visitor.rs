//! Who stands at a door: what limits count by, and what the list of sessions will say.

use std::net::IpAddr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum_extra::extract::CookieJar;

use crate::app::App;
use crate::http::auth::cookie_name;
use crate::http::client::{self, ClientAddress};
use crate::ids;

/// A request before anybody is signed in.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// What limits count by.
    pub key: IpAddr,
    /// The address without its last part.
    pub address: String,
    /// "Firefox on Linux"
    pub client: String,
    /// The hash of the session cookie that came along, alive or not. Signing in ends that session: one who planted a
    /// cookie in this browser must not end up sharing the new one.
    pub session_hash: Option<Vec<u8>>,
}

impl FromRequestParts<App> for Visitor {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let address = ClientAddress::from_request_parts(parts, app).await?;
        let jar = CookieJar::from_headers(&parts.headers);
        Ok(Self {
            key: address.key(),
            address: address.shortened(),
            client: client::describe(&parts.headers),
            session_hash: jar.get(cookie_name(&app.config)).map(|cookie| ids::hash_secret(cookie.value())),
        })
    }
}
