//! Taking back: the only code that ends a link.
//!
//! The commit is the revocation. Every share surface asks the gate, the gate asks the database, and from the commit
//! on the database says no: on every node, for the command line, after a restart. Nothing has to be told.

use super::store;
use crate::accounts;
use crate::app::App;
use crate::audit::{self, Via};
use crate::error::Error;
use crate::jobs::queue::{self, Kind};
use crate::storage::Tx;
use crate::write_tx;

/// Takes one link back.
///
/// # Errors
/// [`Error::NotFound`] unless `owner_id` owns a link of this id that is still there.
pub async fn delete(app: &App, owner_id: &str, link_id: &str, via: Via) -> Result<(), Error> {
    let now = app.now();
    write_tx!(app.db, "take back a link", |tx| {
        store::owned(tx, owner_id, link_id).await?;
        // The snapshot, its files and the reports on it go with the row, by foreign key.
        store::delete(tx, owner_id, link_id).await?;
        audit::record(tx, now, owner_id, "shared_link.deleted", link_id, via).await
    })
    // Nothing follows the commit: pages rendered from the snapshot stay in the memo until others push them out,
    // and nobody gets at them, because their name comes out of the gate.
}

/// Takes all of a person's links back, and answers how many. However many there are, they end in one row: the
/// owner's epoch moves on, and no link carries the new one. The rows are removed by a job.
pub async fn delete_all(app: &App, owner_id: &str, via: Via) -> Result<i64, Error> {
    let now = app.now();
    let ended = write_tx!(app.db, "take back all links", |tx| {
        let count = end_all_of_owner(tx, owner_id, now).await?;
        audit::record(tx, now, owner_id, "shared_link.all_deleted", owner_id, via).await?;
        Ok(count)
    });
    // What may fail comes after: without it the rows are removed a few seconds later.
    app.jobs.wake();
    ended
}

/// Inside the transaction that deletes or disowns an account, and behind [`delete_all`].
pub async fn end_all_of_owner(tx: &mut Tx, owner_id: &str, now: i64) -> Result<i64, Error> {
    let epoch = accounts::store::bump_share_epoch(tx, owner_id).await?;
    let count = store::count_of_epoch(tx, owner_id, epoch - 1).await?;
    queue::enqueue(tx, Kind::PurgeLinks, owner_id, now).await?;
    Ok(count)
}

/// Inside the transaction that deletes a conversation or an assistant; answers how many links it had.
pub async fn end_all_of_target(tx: &mut Tx, owner_id: &str, target_id: &str, now: i64, via: Via) -> Result<u64, Error> {
    let ids = store::delete_of_target(tx, owner_id, target_id).await?;
    for id in &ids {
        audit::record(tx, now, owner_id, "shared_link.deleted", id, via).await?;
    }
    Ok(ids.len() as u64)
}
