//! Taking back: the only code that ends a link.
//!
//! The commit is the revocation. Every share surface asks the gate, the gate asks the database, and from the commit
//! on the database says no: on every node, for the command line, after a restart. Nothing has to be told.

use super::link::TargetType;
use super::store;
use crate::accounts;
use crate::answers::{self, store::Ending};
use crate::app::App;
use crate::audit::{self, Via};
use crate::error::Error;
use crate::jobs::queue::{self, Kind};
use crate::storage::Tx;
use crate::webhooks::announce::{announce, announce_all};
use crate::webhooks::event::Event;
use crate::write_tx;

/// Takes one link back.
///
/// # Errors
/// [`Error::NotFound`] unless `owner_id` owns a link of this id that is still there.
pub async fn delete(app: &App, owner_id: &str, link_id: &str, via: Via) -> Result<(), Error> {
    let now = app.now();
    let target_type = write_tx!(app.db, "take back a link", |tx| {
        let link = store::owned(tx, owner_id, link_id).await?;
        // What the snapshot shows, the reports on it and the caps of visitors go with the row, by foreign key.
        store::delete(tx, owner_id, link_id).await?;
        if link.target_type == TargetType::Assistant {
            end_visits(tx, link_id, now).await?;
        }
        audit::record(tx, now, owner_id, "shared_link.deleted", link_id, via).await?;
        announce(tx, owner_id, &Event::deleted(link_id, &link.target_id, now), now).await?;
        Ok(link.target_type)
    })?;
    // Pages rendered from the snapshot stay in the memo until others push them out, and nobody gets at them, because
    // their name comes out of the gate. Without what follows, answers to visitors end half a second later, and webhooks
    // look a little later.
    if target_type == TargetType::Assistant {
        app.watch.look_now();
        app.jobs.wake();
    }
    app.jobs.wake_deliveries();
    Ok(())
}

/// What visitors of a link to an assistant are being told ends, and guests go with all that they said.
async fn end_visits(tx: &mut Tx, link_id: &str, now: i64) -> Result<(), Error> {
    answers::store::ask_to_end_of_link(tx, link_id, Ending::Keep).await?;
    queue::enqueue(tx, Kind::PurgeGuests, link_id, now).await
}

/// Takes all of a person's links back, and answers how many. However many there are, they end in one row: the
/// owner's epoch moves on, and no link carries the new one. The rows are removed by a job.
pub async fn delete_all(app: &App, owner_id: &str, via: Via) -> Result<i64, Error> {
    let now = app.now();
    let ended = write_tx!(app.db, "take back all links", |tx| {
        let count = end_all_of_owner(tx, owner_id, now).await?;
        audit::record(tx, now, owner_id, "shared_link.all_deleted", owner_id, via).await?;
        announce(tx, owner_id, &Event::all_deleted(count, now), now).await?;
        Ok(count)
    });
    // What may fail comes after: without it the rows are removed a few seconds later.
    app.watch.look_now();
    app.jobs.wake();
    ended
}

/// Inside the transaction that deletes or disowns an account, and behind [`delete_all`].
pub async fn end_all_of_owner(tx: &mut Tx, owner_id: &str, now: i64) -> Result<i64, Error> {
    let epoch = accounts::store::bump_share_epoch(tx, owner_id).await?;
    let count = store::count_of_epoch(tx, owner_id, epoch - 1).await?;
    answers::store::ask_to_end_of_links_of(tx, owner_id, Ending::Keep).await?;
    queue::enqueue(tx, Kind::PurgeGuests, owner_id, now).await?;
    queue::enqueue(tx, Kind::PurgeLinks, owner_id, now).await?;
    Ok(count)
}

/// Inside the transaction that deletes a conversation or an assistant; answers how many links it had.
pub async fn end_all_of_target(tx: &mut Tx, owner_id: &str, target_id: &str, now: i64, via: Via) -> Result<u64, Error> {
    let ids = store::delete_of_target(tx, owner_id, target_id).await?;
    for id in &ids {
        audit::record(tx, now, owner_id, "shared_link.deleted", id, via).await?;
    }
    let events: Vec<Event> = ids.iter().map(|id| Event::deleted(id, target_id, now)).collect();
    announce_all(tx, owner_id, &events, now).await?;
    Ok(ids.len() as u64)
}
