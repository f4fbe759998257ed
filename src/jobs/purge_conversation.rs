//! Removes a deleted conversation: nobody's since its delete committed, so nothing reaches it any more.

use std::time::Instant;

use super::batches::Batches;
use crate::app::App;
use crate::error::Error;
use crate::search::erase;
use crate::write_tx;

/// Messages that one transaction removes at the most, and files: those may be large.
const MOST_MESSAGES: i64 = 1_000;
const MOST_FILES: i64 = 16;

/// Removes the conversation if it is nobody's.
pub async fn run(app: &App, id: &str) -> Result<(), Error> {
    erase::conversation(app, id).await?;
    remove(
        app,
        "DELETE FROM files WHERE id IN (SELECT f.id FROM files f JOIN conversations c ON c.id = f.conversation_id \
                 WHERE c.id = $1 AND c.owner_id IS NULL LIMIT $2)",
        id,
        MOST_FILES,
    )
    .await?;
    // What they say goes with them, by foreign key.
    remove(
        app,
        "DELETE FROM messages WHERE id IN (SELECT m.id FROM messages m JOIN conversations c ON c.id = m.conversation_id \
                 WHERE c.id = $1 AND c.owner_id IS NULL LIMIT $2)",
        id,
        MOST_MESSAGES,
    )
    .await?;
    remove(app, "DELETE FROM conversations WHERE id IN (SELECT id FROM conversations WHERE id = $1 AND owner_id IS NULL LIMIT $2)", id, 1)
        .await
}

/// Runs `query` in transactions of their own until it finds nothing; it takes a subject and how many rows to remove.
pub(crate) async fn remove(app: &App, query: &'static str, subject: &str, most: i64) -> Result<(), Error> {
    let mut batches = Batches::up_to(most);
    loop {
        let (began, size) = (Instant::now(), batches.next(app)?);
        let removed =
            write_tx!(app.db, "purge rows", |tx| { Ok(sqlx::query(query).bind(subject).bind(size).execute(tx).await?.rows_affected()) })?;
        if removed == 0 {
            return Ok(());
        }
        batches.learn(began);
    }
}
