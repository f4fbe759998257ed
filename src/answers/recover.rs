//! Answers whose server died: what was written down of them becomes what they say, and they are marked.

use takeback_transcripts::Part;

use super::context::tokens_of;
use super::run::interrupted;
use super::store;
use crate::app::App;
use crate::conversations::append;
use crate::error::Error;
use crate::search::index;
use crate::write_tx;

/// Which running answers have lost their server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dead {
    /// Every one: a server on SQLite is alone, so at its start none can be alive.
    All,
    /// Those whose lease has ended.
    ByLease,
}

/// Takes them up.
pub async fn recover(app: &App, dead: Dead) -> Result<(), Error> {
    let now = app.now();
    let before = if dead == Dead::All { i64::MAX } else { now };
    let dead = store::without_lease(&mut *app.db.read().await?, before).await?;
    // A server that was asleep, or whose database was, may be late to say that its own are alive.
    let alive = app.running.all();
    for (id, conversation_id) in dead.iter().filter(|(id, _)| !alive.iter().any(|writing| writing.is(id))) {
        write_tx!(app.db, "take up a dead answer", |tx| {
            let parts = put_together(store::pieces(tx, id, 0).await?);
            if store::end(tx, id, &interrupted(), tokens_of(&parts), now).await? {
                append::set_parts(tx, id, &parts).await?;
                index::enqueue(tx, conversation_id, now).await?;
            }
            Ok(())
        })?;
    }
    Ok(())
}

/// The parts that pieces make.
pub fn put_together(pieces: Vec<store::Piece>) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for piece in pieces {
        match (parts.last_mut(), piece.kind.as_str()) {
            (Some(Part::Reasoning { text }), "reasoning") | (Some(Part::Text { text }), "text") => text.push_str(&piece.words),
            (_, "reasoning") => parts.push(Part::Reasoning { text: piece.words }),
            _ => parts.push(Part::Text { text: piece.words }),
        }
    }
    parts
}
