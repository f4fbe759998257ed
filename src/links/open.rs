//! The first line of every share surface: which open link does this address name?

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum_extra::extract::CookieJar;

use super::link::{OpenLink, TargetType};
use super::unlock;
use crate::app::App;
use crate::error::Error;
use crate::http::client::ClientAddress;
use crate::ids;

/// Somebody who comes to a shared conversation.
#[derive(Clone, Debug)]
pub struct Visit {
    /// From where.
    pub from: ClientAddress,
    /// That they have opened its lock before.
    proof: Option<String>,
}

impl FromRequestParts<App> for Visit {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let Ok(from) = ClientAddress::from_request_parts(parts, app).await;
        let cookies = CookieJar::from_headers(&parts.headers);
        Ok(Self { from, proof: cookies.get(unlock::cookie_name(&app.config)).map(|cookie| cookie.value().to_owned()) })
    }
}

impl Visit {
    /// The open link behind a URL's token, if it is one to a conversation.
    ///
    /// # Errors
    /// As [`open`]; [`Error::Locked`] for a link that this visitor has to open first.
    pub async fn enter(&self, app: &App, token: &str) -> Result<Arc<OpenLink>, Error> {
        open(app, TargetType::Conversation, token, self.from, self.proof.as_deref()).await
    }
}

/// The open link behind a URL's token.
///
/// # Errors
/// [`Error::Gone`] for every reason why there is none; [`Error::RateLimited`] for an address that keeps guessing. The
/// limit counts misses only and is asked after the gate, so it never keeps out the holder of a real link.
pub async fn open(
    app: &App,
    target_type: TargetType,
    token: &str,
    from: ClientAddress,
    proof: Option<&str>,
) -> Result<Arc<OpenLink>, Error> {
    let answer = match ids::link_id_from_token(token) {
        Some(id) => app.gate.ask_with(target_type, &id, proof).await,
        None => Err(Error::Gone),
    };
    if matches!(answer, Err(Error::Gone)) {
        app.limits.miss(from.key())?;
    }
    answer
}
