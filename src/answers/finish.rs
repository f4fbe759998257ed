//! The end of an answer: what it says is put together and stored in one transaction with how it ended.

use std::sync::atomic::Ordering;
use std::time::Duration;

use takeback_transcripts::Part;
use tracing::error;

use super::context::tokens_of;
use super::run::{Said, Task};
use super::store::{self, Ended};
use crate::conversations::append;
use crate::conversations::files::{self, NewFile};
use crate::error::Error;
use crate::ids;
use crate::search::index;
use crate::write_tx;

/// How long to wait after the first failure to store the end; it doubles with each.
const FIRST_WAIT: Duration = Duration::from_millis(200);
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// Stores the answer and tells the windows. While the database refuses, because its disk is full or it can't be reached,
/// the answer waits here whole. A server that stops meanwhile leaves what was written down of it to be taken up.
pub(super) async fn finish(task: &Task, mut said: Said, ended: Ended) {
    for (place, _) in &said.images {
        if let Some(Part::Image { file, .. }) = said.parts.get_mut(*place) {
            *file = ids::new("file");
        }
    }
    task.app.unwritten.forget(&task.live.message_id);
    let mut wait = FIRST_WAIT;
    while let Err(error) = store_end(task, &said, &ended).await {
        error!(%error, "an answer's end was not stored");
        if !may_pass(&error) {
            break;
        }
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(LONGEST_WAIT);
    }
    task.app.jobs.wake();
    task.channel.end(&task.live);
}

/// Whether the same may be stored later.
fn may_pass(error: &Error) -> bool {
    match error {
        Error::Database(sqlx::Error::PoolClosed) => false,
        Error::Database(_) | Error::Unavailable | Error::Io(_) => true,
        _ => false,
    }
}

async fn store_end(task: &Task, said: &Said, ended: &Ended) -> Result<(), Error> {
    let now = task.app.now();
    let id = &task.live.message_id;
    let said_tokens = tokens_of(&said.parts) + i64::try_from(task.thought.load(Ordering::Relaxed) / 3).unwrap_or(i64::MAX);
    write_tx!(task.app.db, "end an answer", |tx| {
        if !store::end(tx, id, ended, said_tokens, now).await? {
            return Ok(());
        }
        append::set_parts(tx, id, &said.parts).await?;
        for (place, image) in &said.images {
            let Some(Part::Image { file, .. }) = said.parts.get(*place) else { continue };
            let new = NewFile { id: file, name: "picture", media_type: &image.media_type, bytes: &image.bytes };
            files::insert(tx, &task.conversation_id, &new, now).await?;
        }
        index::enqueue(tx, &task.conversation_id, now).await
    })
}
