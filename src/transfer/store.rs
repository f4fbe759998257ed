//! Queries of imports. Rows go in many at a time, in statements of a few fixed sizes, so that each is prepared once.

use std::collections::{HashMap, HashSet};

use sqlx::{AssertSqlSafe, FromRow, Row};
use takeback_transcripts::Transcript;

use super::plan::Slice;
use crate::error::Error;
use crate::jobs::queue::{self, Kind};
use crate::search::index;
use crate::storage::{Tx, sql};

/// Rows of one statement, largest first. The widest row has 10 columns. More rows would cost more: for each parameter
/// that is bound to it, SQLite's driver looks its name up among all of the statement's (measured: 256 rows took 40 % of
/// an import for that alone).
const SIZES: [usize; 3] = [32, 8, 1];
/// Values in one `IN (…)`, filled up with ones that can't exist.
const ASKED: [usize; 3] = [512, 64, 4];

/// A conversation that is here already.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// `conv_…`
    pub id: String,
    /// Its id at the source when it was last imported.
    pub source_id: String,
    /// Its title here.
    pub title: String,
    /// Its title when it was imported; differs from `title` once the owner renamed it.
    pub imported_title: Option<String>,
    /// Unix microseconds.
    pub updated_at: i64,
    /// Ids of its messages by their ids at the source.
    pub messages: HashMap<String, String>,
    /// Behind the last one.
    pub next_position: i64,
}

impl Known {
    /// Whether `title` is new at the source and the owner hasn't given another one here.
    pub fn title_follows(&self, title: &str) -> bool {
        self.imported_title.as_deref() == Some(self.title.as_str()) && self.title != title
    }
}

/// A new conversation.
#[derive(Clone, Debug)]
pub struct NewConversation {
    /// `conv_…`
    pub id: String,
    /// Its title here and there.
    pub title: String,
    /// Where it comes from.
    pub source: &'static str,
    /// Its id there.
    pub source_id: String,
    /// The leaf of the current branch.
    pub current_message_id: Option<String>,
    /// Unix microseconds.
    pub created_at: i64,
    /// Unix microseconds.
    pub updated_at: i64,
}

/// A new message.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// `msg_…`
    pub id: String,
    /// Where it belongs.
    pub conversation_id: String,
    /// The message before it.
    pub parent_id: Option<String>,
    /// Order of arrival.
    pub position: i64,
    /// As it is stored.
    pub role: &'static str,
    /// The model that answered.
    pub model: Option<String>,
    /// 1: not shown.
    pub hidden: i64,
    /// Its id at the source.
    pub source_id: String,
    /// Unix microseconds.
    pub created_at: i64,
    /// JSON array of parts.
    pub parts: String,
}

/// A picture or attachment.
#[derive(Clone, Debug)]
pub struct NewFile {
    /// `file_…`
    pub id: String,
    /// Where it belongs.
    pub conversation_id: String,
    /// As it was called.
    pub name: String,
    /// What its bytes say it is.
    pub media_type: &'static str,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// What changes in a conversation that is here; `None` stays.
#[derive(Clone, Debug)]
pub struct Growth {
    /// `conv_…`
    pub id: String,
    /// Its id at the source now.
    pub source_id: Option<String>,
    /// Its title at the source now.
    pub title: Option<String>,
    /// The leaf of the current branch.
    pub current_message_id: Option<String>,
    /// Unix microseconds.
    pub updated_at: Option<i64>,
}

/// What is here of each of these conversations of one source, in their order. One without an id of its own is found by
/// the id that it had when it was shorter, the longest first.
pub async fn known(tx: &mut Tx, owner_id: &str, batch: &[Transcript]) -> Result<Vec<Option<Known>>, Error> {
    let Some(source) = batch.first().map(|transcript| transcript.source.as_str()) else { return Ok(Vec::new()) };
    let ids = batch.iter().flat_map(|transcript| std::iter::once(&transcript.source_id).chain(&transcript.prior_source_ids));
    let mut found: HashMap<String, Known> = HashMap::new();
    let ids: Vec<&str> = ids.map(String::as_str).collect();
    for chunk in ids.chunks(ASKED[0]) {
        let slots = slots(chunk.len());
        let query = format!(
            "SELECT id, source_id, title, imported_title, updated_at FROM conversations \
             WHERE owner_id = $1 AND source = $2 AND source_id IN ({})",
            sql::placeholders(3, slots)
        );
        let mut statement = sqlx::query(AssertSqlSafe(query)).bind(owner_id).bind(source);
        for slot in 0..slots {
            statement = statement.bind(chunk.get(slot).copied().unwrap_or_default().to_owned());
        }
        for row in statement.fetch_all(&mut *tx).await? {
            let source_id: String = row.try_get("source_id")?;
            let known = Known {
                id: row.try_get("id")?,
                source_id: source_id.clone(),
                title: row.try_get("title")?,
                imported_title: row.try_get("imported_title")?,
                updated_at: row.try_get("updated_at")?,
                ..Known::default()
            };
            found.insert(source_id, known);
        }
    }
    messages_of(tx, &mut found).await?;
    // The very id comes first, for all of them: one that has it is not the shorter state of another.
    let exact: Vec<Option<Known>> = batch.iter().map(|transcript| found.remove(&transcript.source_id)).collect();
    let mut earlier = |transcript: &Transcript| transcript.prior_source_ids.iter().rev().find_map(|id| found.remove(id));
    Ok(exact.into_iter().zip(batch).map(|(known, transcript)| known.or_else(|| earlier(transcript))).collect())
}

async fn messages_of(tx: &mut Tx, found: &mut HashMap<String, Known>) -> Result<(), Error> {
    let mut by_id: HashMap<String, &mut Known> = found.values_mut().map(|known| (known.id.clone(), known)).collect();
    let ids: Vec<String> = by_id.keys().cloned().collect();
    for chunk in ids.chunks(ASKED[0]) {
        let slots = slots(chunk.len());
        let query = format!(
            "SELECT conversation_id, id, source_id, position FROM messages WHERE conversation_id IN ({})",
            sql::placeholders(1, slots)
        );
        let mut statement = sqlx::query(AssertSqlSafe(query));
        for slot in 0..slots {
            statement = statement.bind(chunk.get(slot).cloned().unwrap_or_default());
        }
        for row in statement.fetch_all(&mut *tx).await? {
            let Some(known) = by_id.get_mut(row.try_get::<&str, _>("conversation_id")?) else { continue };
            known.next_position = known.next_position.max(row.try_get::<i64, _>("position")? + 1);
            if let Some(source_id) = row.try_get("source_id")? {
                known.messages.insert(source_id, row.try_get("id")?);
            }
        }
    }
    Ok(())
}

fn slots(count: usize) -> usize {
    ASKED.into_iter().rev().find(|size| *size >= count).unwrap_or(ASKED[0])
}

/// Writes a slice, and leaves it to the index. What belongs to a conversation that was deleted meanwhile is left out.
pub async fn write(tx: &mut Tx, owner_id: &str, slice: &Slice, now: i64) -> Result<(), Error> {
    let new: HashSet<&str> = slice.conversations.iter().map(|row| row.id.as_str()).collect();
    let touched = slice.messages.iter().map(|row| row.conversation_id.as_str()).chain(slice.growths.iter().map(|row| row.id.as_str()));
    let older: HashSet<&str> = touched.filter(|id| !new.contains(id)).collect();
    let mut gone: HashSet<&str> = HashSet::new();
    for id in &older {
        let query = "UPDATE conversations SET updated_at = updated_at WHERE owner_id = $1 AND id = $2";
        if sqlx::query(query).bind(owner_id).bind(id).execute(&mut *tx).await?.rows_affected() == 0 {
            gone.insert(*id);
        }
    }
    let messages: Vec<&NewMessage> = slice.messages.iter().filter(|row| !gone.contains(row.conversation_id.as_str())).collect();
    insert_conversations(tx, owner_id, &slice.conversations).await?;
    for file in slice.files.iter().filter(|row| !gone.contains(row.conversation_id.as_str())) {
        insert_file(tx, file).await?;
    }
    insert_messages(tx, &messages).await?;
    for growth in slice.growths.iter().filter(|row| !gone.contains(row.id.as_str())) {
        grow(tx, owner_id, growth).await?;
    }
    let made = slice.conversations.iter().map(|row| (row.id.as_str(), row.updated_at));
    let grown = older.into_iter().filter(|id| !gone.contains(id)).map(|id| (id, now));
    let changed: Vec<(&str, i64)> = made.chain(grown).collect();
    for chunk in chunks(&changed) {
        index::add_pending(tx, owner_id, chunk).await?;
    }
    queue::enqueue(tx, Kind::Index, owner_id, now).await
}

async fn insert_conversations(tx: &mut Tx, owner_id: &str, rows: &[NewConversation]) -> Result<(), Error> {
    for chunk in chunks(rows) {
        let query = format!(
            "INSERT INTO conversations (id, owner_id, title, title_key, imported_title, source, source_id, current_message_id, \
             created_at, updated_at) VALUES {}",
            sql::rows(chunk.len(), 10)
        );
        let mut statement = sqlx::query(AssertSqlSafe(query));
        for row in chunk {
            statement = statement
                .bind(&row.id)
                .bind(owner_id)
                .bind(&row.title)
                .bind(row.title.to_lowercase())
                .bind(&row.title)
                .bind(row.source)
                .bind(&row.source_id)
                .bind(row.current_message_id.as_deref())
                .bind(row.created_at)
                .bind(row.updated_at);
        }
        statement.execute(&mut *tx).await?;
    }
    Ok(())
}

async fn insert_messages(tx: &mut Tx, rows: &[&NewMessage]) -> Result<(), Error> {
    for chunk in chunks(rows) {
        let query = format!(
            "INSERT INTO messages (id, conversation_id, parent_id, position, role, model, hidden, source_id, created_at) VALUES {}",
            sql::rows(chunk.len(), 9)
        );
        let mut statement = sqlx::query(AssertSqlSafe(query));
        for row in chunk {
            statement = statement
                .bind(&row.id)
                .bind(&row.conversation_id)
                .bind(row.parent_id.as_deref())
                .bind(row.position)
                .bind(row.role)
                .bind(row.model.as_deref())
                .bind(row.hidden)
                .bind(&row.source_id)
                .bind(row.created_at);
        }
        statement.execute(&mut *tx).await?;
        let query = format!("INSERT INTO message_bodies (message_id, parts) VALUES {}", sql::rows(chunk.len(), 2));
        let mut statement = sqlx::query(AssertSqlSafe(query));
        for row in chunk {
            statement = statement.bind(&row.id).bind(&row.parts);
        }
        statement.execute(&mut *tx).await?;
    }
    Ok(())
}

async fn insert_file(tx: &mut Tx, file: &NewFile) -> Result<(), Error> {
    let query = "INSERT INTO files (id, conversation_id, name, media_type, bytes, created_at) \
                 SELECT $1, id, $2, $3, $4, created_at FROM conversations WHERE id = $5";
    let done = sqlx::query(query)
        .bind(&file.id)
        .bind(&file.name)
        .bind(file.media_type)
        .bind(&file.bytes)
        .bind(&file.conversation_id)
        .execute(tx)
        .await?;
    sql::one_row(&done)
}

async fn grow(tx: &mut Tx, owner_id: &str, growth: &Growth) -> Result<(), Error> {
    let query = "UPDATE conversations SET source_id = COALESCE($1, source_id), title = COALESCE($2, title), \
                 title_key = COALESCE($3, title_key), imported_title = COALESCE($2, imported_title), \
                 current_message_id = COALESCE($4, current_message_id), updated_at = COALESCE($5, updated_at) \
                 WHERE owner_id = $6 AND id = $7";
    let done = sqlx::query(query)
        .bind(growth.source_id.as_deref())
        .bind(growth.title.as_deref())
        .bind(growth.title.as_ref().map(|title| title.to_lowercase()))
        .bind(growth.current_message_id.as_deref())
        .bind(growth.updated_at)
        .bind(owner_id)
        .bind(&growth.id)
        .execute(tx)
        .await?;
    sql::one_row(&done)
}

/// Cuts rows into statements of the fixed sizes.
fn chunks<T>(mut rows: &[T]) -> Vec<&[T]> {
    let mut chunks = Vec::new();
    for size in SIZES {
        while rows.len() >= size {
            let (chunk, rest) = rows.split_at(size);
            chunks.push(chunk);
            rows = rest;
        }
    }
    chunks
}

/// An import on the web or over the API.
#[derive(Clone, Debug, FromRow)]
pub struct Running {
    /// `imp_…`
    pub id: String,
    /// As its sender calls the file.
    pub file_name: String,
    /// `running`, `done`, `failed` or `interrupted`.
    pub state: String,
    /// Bytes of JSON in the file.
    pub total_bytes: i64,
    /// Bytes that were read.
    pub done_bytes: i64,
    /// JSON, [`super::report::Report`].
    pub report: String,
    /// Unix microseconds.
    pub created_at: i64,
}

/// How long an import may be silent before it counts as interrupted, in microseconds. One that runs says so at least
/// every [`HEARTBEAT_MICROS`].
pub const SILENT_MICROS: i64 = 30 * 1_000_000;
/// How often an import says that it runs, in microseconds.
pub const HEARTBEAT_MICROS: i64 = 5 * 1_000_000;

/// Writes down that imports whose server died are interrupted.
pub async fn end_abandoned(tx: &mut Tx, now: i64) -> Result<u64, Error> {
    let query = "UPDATE imports SET state = 'interrupted' WHERE state = 'running' AND updated_at < $1";
    Ok(sqlx::query(query).bind(now - SILENT_MICROS).execute(tx).await?.rows_affected())
}

/// Whether the person has an import that runs.
pub async fn is_running(tx: &mut Tx, user_id: &str, now: i64) -> Result<bool, Error> {
    let query = "SELECT id FROM imports WHERE user_id = $1 AND state = 'running' AND updated_at >= $2 LIMIT 1";
    Ok(sqlx::query(query).bind(user_id).bind(now - SILENT_MICROS).fetch_optional(tx).await?.is_some())
}

/// A new import, running.
pub async fn insert_import(
    tx: &mut Tx,
    user_id: &str,
    id: &str,
    file_name: &str,
    total_bytes: i64,
    report: &str,
    now: i64,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO imports (id, user_id, file_name, state, total_bytes, done_bytes, report, created_at, updated_at) \
         VALUES ($1, $2, $3, 'running', $4, 0, $5, $6, $6)",
    )
    .bind(id)
    .bind(user_id)
    .bind(file_name)
    .bind(total_bytes)
    .bind(report)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// How far an import is, or how it ended.
pub async fn set_progress(tx: &mut Tx, id: &str, state: &str, done_bytes: i64, report: &str, now: i64) -> Result<(), Error> {
    let query = "UPDATE imports SET state = $1, done_bytes = $2, report = $3, updated_at = $4 WHERE id = $5";
    let done = sqlx::query(query).bind(state).bind(done_bytes).bind(report).bind(now).bind(id).execute(tx).await?;
    sql::one_row(&done)
}

/// One of the person's imports.
///
/// # Errors
/// [`Error::NotFound`] if it isn't there or is another's.
pub async fn import(tx: &mut Tx, user_id: &str, id: &str, now: i64) -> Result<Running, Error> {
    let query = "SELECT id, file_name, CASE WHEN state = 'running' AND updated_at < $1 THEN 'interrupted' ELSE state END AS state, \
                 total_bytes, done_bytes, report, created_at FROM imports WHERE user_id = $2 AND id = $3";
    sqlx::query_as(query).bind(now - SILENT_MICROS).bind(user_id).bind(id).fetch_optional(tx).await?.ok_or(Error::NotFound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_cut_into_statements_of_few_sizes() {
        let sizes = |count: usize| chunks(&vec![0; count]).iter().map(|chunk| chunk.len()).collect::<Vec<_>>();
        assert_eq!(sizes(0), Vec::<usize>::new());
        assert_eq!(sizes(75), [32, 32, 8, 1, 1, 1]);
        assert_eq!((slots(1), slots(4), slots(5), slots(65), slots(512)), (4, 4, 64, 512, 512));
    }

    #[test]
    fn a_title_follows_its_source_until_the_owner_renames() {
        let known = |title: &str, imported: Option<&str>| Known {
            title: title.to_owned(),
            imported_title: imported.map(str::to_owned),
            ..Known::default()
        };
        assert!(known("old", Some("old")).title_follows("new"));
        assert!(!known("mine", Some("old")).title_follows("new"));
        assert!(!known("old", Some("old")).title_follows("old"));
        assert!(!known("here", None).title_follows("new"));
    }
}
