//! Whose key is this?

use super::key;
use super::store::{self, ApiKey};
use crate::accounts::user::User;
use crate::app::App;
use crate::error::Error;
use crate::ids;
use crate::write_tx;

/// How exactly the list of keys knows the last use; a write for every request would be too much.
const USED_EVERY_MICROS: i64 = 5 * 60 * 1_000_000;

/// The key and its person, if both are alive. Mistyped, unknown, revoked, expired, and of a person who may not come in
/// are all the same `None`.
pub async fn recognise(app: &App, text: &str) -> Result<Option<(ApiKey, User)>, Error> {
    if !key::is_whole(text) {
        return Ok(None);
    }
    let now = app.now();
    let found = store::alive(&mut *app.db.read().await?, &ids::hash_secret(text), now).await?;
    if let Some((key, _)) = &found
        && key.last_used_at.is_none_or(|at| at < now - USED_EVERY_MICROS)
    {
        used(app, &key.id, now).await;
    }
    Ok(found)
}

/// May fail: the next request tries again.
async fn used(app: &App, id: &str, now: i64) {
    let written = write_tx!(app.db, "API key used", |tx| { store::set_used(tx, id, now).await });
    if let Err(error) = written {
        tracing::debug!(%error, "a key's last use was not written down");
    }
}
