//! The first line of every share surface: which open link does this address name?

use std::sync::Arc;

use super::link::{OpenLink, TargetType};
use crate::app::App;
use crate::error::Error;
use crate::http::client::ClientAddress;
use crate::ids;

/// The open link behind a URL's token.
///
/// # Errors
/// [`Error::Gone`] for every reason why there is none; [`Error::RateLimited`] for an address that keeps guessing. The
/// limit counts misses only and is asked after the gate, so it never keeps out the holder of a real link.
pub async fn open(app: &App, target_type: TargetType, token: &str, from: ClientAddress) -> Result<Arc<OpenLink>, Error> {
    let answer = match ids::link_id_from_token(token) {
        Some(id) => app.gate.ask(target_type, &id).await,
        None => Err(Error::Gone),
    };
    if matches!(answer, Err(Error::Gone)) {
        app.limits.miss(from.key())?;
    }
    answer
}
