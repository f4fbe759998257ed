//! Deleting a conversation, and with it every link to it.

use super::store;
use crate::accounts::user::User;
use crate::answers::{self, store::Ending};
use crate::app::App;
use crate::audit::{self, Via};
use crate::error::Error;
use crate::jobs::queue::{self, Kind};
use crate::links::revoke;
use crate::write_tx;

/// Deletes the conversation and takes its links back; from the commit on neither can be reached. Copies that others
/// continued stay theirs. Its words are removed by a job.
///
/// # Errors
/// [`Error::NotFound`] unless `owner` owns the conversation.
pub async fn delete(app: &App, owner: &User, id: &str, via: Via) -> Result<(), Error> {
    let now = app.now();
    let deleted = write_tx!(app.db, "delete a conversation", |tx| {
        // Locked first: a link that is being made at the same time is ended here too, or finds nothing to share.
        store::lock_owned(tx, &owner.id, id).await?;
        revoke::end_all_of_target(tx, &owner.id, id, now, via).await?;
        answers::store::ask_to_end(tx, id, Ending::Forget).await?;
        store::disown(tx, &owner.id, id).await?;
        audit::record(tx, now, &owner.id, "conversation.deleted", id, via).await?;
        queue::enqueue(tx, Kind::PurgeConversation, id, now).await
    });
    // What may fail comes after: without it the clean-up begins, and its windows are told, a few seconds later.
    app.jobs.wake();
    app.watch.look_now();
    deleted
}
