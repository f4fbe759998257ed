//! Deleting an assistant, and with it every link to it. Conversations that people had with it stay theirs.

use super::store;
use crate::accounts::user::User;
use crate::answers::{self, store::Ending};
use crate::app::App;
use crate::audit::{self, Via};
use crate::error::Error;
use crate::jobs::queue::{self, Kind};
use crate::links::revoke;
use crate::write_tx;

/// Deletes it. From the commit on nobody talks to it, and what it is writing ends.
///
/// # Errors
/// As [`store::owned`].
pub async fn delete(app: &App, owner: &User, id: &str, via: Via) -> Result<(), Error> {
    let now = app.now();
    let deleted = write_tx!(app.db, "delete an assistant", |tx| {
        // Locked first: a link that is being made at the same time is ended here too, or finds nothing to share.
        store::lock_editable(tx, &owner.id, id).await?;
        store::owned(tx, &owner.id, id).await?;
        answers::store::ask_to_end_of_assistant(tx, id, Ending::Keep).await?;
        revoke::end_all_of_target(tx, &owner.id, id, now, via).await?;
        store::delete(tx, &owner.id, id).await?;
        queue::enqueue(tx, Kind::PurgeGuests, id, now).await?;
        audit::record(tx, now, &owner.id, "assistant.deleted", id, via).await
    });
    app.jobs.wake();
    app.watch.look_now();
    deleted
}
