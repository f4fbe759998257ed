//! Answers whose server died: what was written down of them becomes what they say, and they are marked.

use takeback_transcripts::Part;

use super::run::interrupted;
use super::store;
use crate::app::App;
use crate::conversations::append;
use crate::error::Error;
use crate::search::index;
use crate::write_tx;

/// Takes up running answers whose lease has ended, or with `all` every running one: a server on SQLite is alone, so at
/// its start none can be alive.
pub async fn recover(app: &App, all: bool) -> Result<(), Error> {
    let now = app.now();
    let before = if all { i64::MAX } else { now };
    let query =
        "SELECT message_id, conversation_id FROM answers WHERE state = 'running' AND leased_until < $1 ORDER BY message_id LIMIT 1000";
    loop {
        let dead: Vec<(String, String)> = sqlx::query_as(query).bind(before).fetch_all(app.db.reader()).await?;
        if dead.is_empty() {
            return Ok(());
        }
        for (id, conversation_id) in dead {
            write_tx!(app.db, "take up a dead answer", |tx| {
                let parts = put_together(store::pieces(tx, &id).await?);
                if store::end(tx, &id, &interrupted(), now).await? {
                    append::set_parts(tx, &id, &parts, false).await?;
                    index::enqueue(tx, &conversation_id, now).await?;
                }
                Ok(())
            })?;
        }
    }
}

fn put_together(pieces: Vec<store::Piece>) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for piece in pieces {
        match (parts.last_mut(), piece.kind.as_str()) {
            (Some(Part::Reasoning { text }), "reasoning") => text.push_str(&piece.words),
            (Some(Part::Text { text }), "text") => text.push_str(&piece.words),
            (_, "reasoning") => parts.push(Part::Reasoning { text: piece.words }),
            _ => parts.push(Part::Text { text: piece.words }),
        }
    }
    parts
}
