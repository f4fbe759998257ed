//! The end of an answer: what it says is put together and stored in one transaction with how it ended.

use std::time::Duration;

use takeback_transcripts::Part;
use tracing::error;

use super::run::{Said, Task};
use super::store::{self, Ended};
use crate::conversations::append;
use crate::conversations::files::{self, NewFile};
use crate::error::Error;
use crate::ids;
use crate::search::index;
use crate::write_tx;

/// How often the end is tried to be stored. After that the answer is taken up as an interrupted one, with what was
/// written down of it.
const ATTEMPTS: u32 = 5;

/// Stores the answer and tells the windows.
pub(super) async fn finish(task: &Task, mut said: Said, ended: Ended) {
    for (place, image) in &said.images {
        if let Some(Part::Image { file, .. }) = said.parts.get_mut(*place) {
            *file = ids::new("file");
            let _ = image;
        }
    }
    let turn = task.app.unwritten.forget(&task.live.message_id).await;
    for attempt in 1..=ATTEMPTS {
        match store_end(task, &said, &ended).await {
            Ok(()) => break,
            Err(error) => {
                error!(%error, attempt, "an answer's end was not stored");
                tokio::time::sleep(Duration::from_millis(100 << attempt)).await;
            }
        }
    }
    drop(turn);
    task.app.jobs.wake();
    task.live.end();
    task.channel.tell();
}

async fn store_end(task: &Task, said: &Said, ended: &Ended) -> Result<(), Error> {
    let now = task.app.now();
    let id = &task.live.message_id;
    write_tx!(task.app.db, "end an answer", |tx| {
        // Not running any more: its conversation was deleted, or it was believed dead and taken up.
        if !store::end(tx, id, ended, now).await? {
            return Ok(());
        }
        append::set_parts(tx, id, &said.parts, false).await?;
        for (place, image) in &said.images {
            let Some(Part::Image { file, .. }) = said.parts.get(*place) else { continue };
            let new = NewFile { id: file, name: "picture", media_type: &image.media_type, bytes: &image.bytes };
            files::insert(tx, &task.conversation_id, &new, now).await?;
        }
        index::enqueue(tx, &task.conversation_id, now).await
    })
}
