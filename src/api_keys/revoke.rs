//! Ending keys. The commit is the end: every request asks the database.

use super::store;
use crate::app::App;
use crate::audit::{self, Via};
use crate::error::Error;
use crate::storage::Tx;
use crate::write_tx;

/// Ends one key.
///
/// # Errors
/// [`Error::NotFound`] unless `user_id` has such a key.
pub async fn revoke(app: &App, user_id: &str, id: &str, via: Via) -> Result<(), Error> {
    let now = app.now();
    let ended = write_tx!(app.db, "revoke an API key", |tx| {
        store::delete(tx, user_id, id).await?;
        audit::record(tx, now, user_id, "api_key.revoked", id, via).await
    });
    // What it is being sent right now ends, too. Without this it would a moment later.
    app.watch.look_now();
    ended
}

/// Ends all keys of a person, inside the transaction of the act that ends them; answers how many. After the commit
/// whoever calls this wakes [`App::watch`](crate::app::Parts::watch).
pub async fn revoke_all_in(tx: &mut Tx, user_id: &str, now: i64, via: Via) -> Result<usize, Error> {
    let ended = store::delete_all(tx, user_id).await?;
    for id in &ended {
        audit::record(tx, now, user_id, "api_key.revoked", id, via).await?;
    }
    Ok(ended.len())
}
