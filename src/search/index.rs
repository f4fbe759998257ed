//! Getting what was said into the index: read what is pending, split it into words, write it down, in transactions so
//! short that people who write at the same time don't feel them.

use std::time::{Duration, Instant};

use sqlx::AssertSqlSafe;

use super::block::{self, Doc};
use super::store::{self, Said, Talk};
use super::{visible, words};
use crate::app::{App, blocking};
use crate::error::Error;
use crate::ids;
use crate::jobs::queue::{self, Kind};
use crate::storage::{Tx, sql};
use crate::write_tx;

/// Messages and titles that make a block. Fewer stay rows by themselves, each of which a question reads.
const SEAL: usize = 1_024;
/// Stored text of one batch: as much as one transaction should write.
const BATCH_BYTES: usize = 6 << 20;
/// How long one job works before others have their turn.
const TURN: Duration = Duration::from_millis(500);
/// Times in a row that what was read may change before it is written.
const ATTEMPTS: usize = 5;

/// Says that a conversation has something new to be found: a message that is whole now, or another title. Call it in
/// the transaction that wrote it, and [`wake`](crate::jobs::runner::Waker::wake) the runner after the commit; without
/// that it is found some seconds later. Of a deleted conversation it does nothing.
pub async fn enqueue(tx: &mut Tx, conversation_id: &str, now: i64) -> Result<(), Error> {
    let query = "INSERT INTO search_pending (id, owner_id, conversation_id, at) \
                 SELECT $1, owner_id, id, updated_at FROM conversations WHERE id = $2 AND owner_id IS NOT NULL \
                 AND NOT EXISTS (SELECT 1 FROM users u WHERE u.id = owner_id AND u.role = 'guest') RETURNING owner_id";
    let owner: Option<String> = sqlx::query_scalar(query).bind(ids::new("pend")).bind(conversation_id).fetch_optional(&mut *tx).await?;
    match owner {
        Some(owner_id) => queue::enqueue(tx, Kind::Index, &owner_id, now).await,
        None => Ok(()),
    }
}

/// The same for several of one owner's conversations, each with the time at which it changed last. Whoever calls this
/// leaves the job too, once.
pub async fn add_pending(tx: &mut Tx, owner_id: &str, changed: &[(&str, i64)]) -> Result<(), Error> {
    let query = format!("INSERT INTO search_pending (id, owner_id, conversation_id, at) VALUES {}", sql::rows(changed.len(), 4));
    let mut statement = sqlx::query(AssertSqlSafe(query));
    for (conversation_id, at) in changed {
        statement = statement.bind(ids::new("pend")).bind(owner_id).bind((*conversation_id).to_owned()).bind(*at);
    }
    statement.execute(tx).await?;
    Ok(())
}

/// Indexes what is pending of one owner; what is left after its turn, by another job behind those that wait.
///
/// # Errors
/// [`Error::Unavailable`] when the server stops.
pub async fn run(app: &App, owner_id: &str) -> Result<(), Error> {
    let (began, mut missed) = (Instant::now(), 0);
    while !app.shutdown.is_cancelled() {
        match step(app, owner_id).await {
            Ok(true) => missed = 0,
            Ok(false) => return Ok(()),
            // Deleted, or written by another node, since it was read.
            Err(Error::NotFound) if missed < ATTEMPTS => missed += 1,
            Err(error) => return Err(error),
        }
        if began.elapsed() > TURN {
            let now = app.now();
            return write_tx!(app.db, "index the rest later", |tx| { queue::enqueue(tx, Kind::Index, owner_id, now).await });
        }
    }
    Err(Error::Unavailable)
}

/// One batch; answers whether there was one.
async fn step(app: &App, owner_id: &str) -> Result<bool, Error> {
    let batch = read(app, owner_id).await?;
    if batch.talks.is_empty() {
        return seal(app, owner_id).await;
    }
    let Batch { talks, said } = batch;
    let (talks, docs) = blocking(move || {
        let docs = docs(&talks, said)?;
        Ok((talks, docs))
    })
    .await?;
    if docs.len() < SEAL {
        write_tx!(app.db, "index messages", |tx| {
            store::settle(tx, owner_id, &talks).await?;
            store::insert_fresh(tx, owner_id, &docs).await
        })?;
    } else {
        let (block, places) = build(docs).await?;
        write_tx!(app.db, "index many messages", |tx| {
            store::settle(tx, owner_id, &talks).await?;
            store::insert_block(tx, owner_id, &block, &places).await
        })?;
    }
    Ok(true)
}

/// Makes a block of what stands by itself, once that is enough; answers whether it did.
async fn seal(app: &App, owner_id: &str) -> Result<bool, Error> {
    let mut tx = app.db.read().await?;
    if store::count_fresh(&mut tx, owner_id).await? < SEAL {
        return Ok(false);
    }
    let (ids, docs) = store::fresh(&mut tx, owner_id, block::MOST).await?;
    drop(tx);
    let (block, places) = build(docs).await?;
    write_tx!(app.db, "index: make a block", |tx| {
        store::remove_fresh(tx, owner_id, &ids).await?;
        store::insert_block(tx, owner_id, &block, &places).await
    })?;
    Ok(true)
}

async fn build(docs: Vec<Doc>) -> Result<(block::Block, Vec<String>), Error> {
    blocking(move || {
        let mut places: Vec<String> = docs.iter().map(|doc| doc.conversation_id.clone()).collect();
        places.sort_unstable();
        places.dedup();
        Ok((block::build(docs), places))
    })
    .await
}

#[derive(Default)]
struct Batch {
    talks: Vec<Talk>,
    /// In the order of the talks.
    said: Vec<Vec<Said>>,
}

/// Reads what is pending, as much as one batch takes. Of a conversation that doesn't fit, the beginning.
async fn read(app: &App, owner_id: &str) -> Result<Batch, Error> {
    let mut tx = app.db.read().await?;
    let (mut batch, mut count, mut bytes) = (Batch::default(), 0, 0);
    for mut talk in store::pending(&mut tx, owner_id).await? {
        // A title counts too.
        let room = block::MOST.saturating_sub(count + 1);
        if room == 0 || bytes >= BATCH_BYTES {
            break;
        }
        let mut said = store::said(&mut tx, &talk.id, talk.next_position, room.min(512)).await?;
        talk.is_whole = said.len() < room.min(512);
        while !talk.is_whole && said.len() < room && bytes < BATCH_BYTES {
            let next = said.last().map_or(0, |last| last.position + 1);
            let more = store::said(&mut tx, &talk.id, next, (room - said.len()).min(512)).await?;
            talk.is_whole = more.len() < (room - said.len()).min(512);
            bytes += more.iter().map(|said| said.parts.len()).sum::<usize>();
            said.extend(more);
        }
        count += said.len() + 1;
        bytes += said.iter().map(|said| said.parts.len()).sum::<usize>();
        talk.indexed_to = said.last().map_or(talk.next_position, |last| last.position + 1);
        batch.talks.push(talk);
        batch.said.push(said);
    }
    Ok(batch)
}

fn docs(talks: &[Talk], said: Vec<Vec<Said>>) -> Result<Vec<Doc>, Error> {
    let mut docs = Vec::new();
    for (talk, said) in talks.iter().zip(said) {
        if talk.title_is_new() {
            docs.extend(doc(talk, None, talk.updated_at, &talk.title));
        }
        for said in said.into_iter().filter(Said::shows) {
            let text = visible::text(&said.parts)?;
            docs.extend(doc(talk, Some(said.position), said.created_at, &text));
        }
    }
    Ok(docs)
}

fn doc(talk: &Talk, position: Option<i64>, at: i64, text: &str) -> Option<Doc> {
    let words = joined(text);
    (!words.is_empty()).then(|| Doc { conversation_id: talk.id.clone(), position, at, words })
}

/// A text's words, each once, with a space between.
fn joined(text: &str) -> String {
    let (mut all, mut ends) = (String::new(), Vec::new());
    words::each(text, |word, _| {
        ends.push((all.len(), all.len() + word.len()));
        all.push_str(word);
    });
    let mut each: Vec<&str> = ends.into_iter().map(|(from, to)| &all[from..to]).collect();
    each.sort_unstable();
    each.dedup();
    each.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_kept_as_its_words_each_once() {
        assert_eq!(joined("Tea, and tea: two TEAS."), "and tea teas two");
        assert_eq!(joined("…"), "");
    }
}
