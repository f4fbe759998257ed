//! Queries of the index, always through the owner.

use std::collections::HashMap;
use std::fmt::Write;

use sqlx::{AssertSqlSafe, FromRow, Row};

use super::block::{Block, Doc, Field, Heads};
use super::words::Term;
use crate::error::Error;
use crate::ids;
use crate::storage::{Tx, sql};

/// Conversations of one batch.
const TALKS: i64 = 256;
/// Rows of one insert; more would cost more (see `transfer::store`).
const ROWS: usize = 32;
/// Values of one `IN (…)`.
const ASKED: usize = 256;
/// Where a title stands in the fresh ones.
const TITLE_POSITION: i64 = -1;

/// A conversation that has something pending.
#[derive(Clone, Debug, Default)]
pub struct Talk {
    /// `conv_…`
    pub id: String,
    /// Its title.
    pub title: String,
    /// The title that is in the index; `None`: nothing of it is.
    pub indexed_title: Option<String>,
    /// Unix microseconds.
    pub updated_at: i64,
    /// Messages before this are in the index.
    pub next_position: i64,
    /// What says that it is pending.
    pub pending: Vec<String>,
    /// Messages before this are in the index after this batch.
    pub indexed_to: i64,
    /// Nothing is left after this batch.
    pub is_whole: bool,
}

impl Talk {
    /// Whether the index doesn't have this title yet.
    pub fn title_is_new(&self) -> bool {
        self.indexed_title.as_deref() != Some(self.title.as_str())
    }
}

/// What is pending of an owner, what changed last first.
pub async fn pending(tx: &mut Tx, owner_id: &str) -> Result<Vec<Talk>, Error> {
    let query = "SELECT p.id AS pending, c.id, c.title, c.updated_at, s.next_position, s.title AS indexed_title \
                 FROM search_pending p JOIN conversations c ON c.id = p.conversation_id AND c.owner_id = p.owner_id \
                 LEFT JOIN search_conversations s ON s.conversation_id = c.id \
                 WHERE p.owner_id = $1 AND EXISTS (SELECT 1 FROM users u WHERE u.id = $1 AND u.deleted_at IS NULL) \
                 ORDER BY p.at DESC, p.id DESC LIMIT $2";
    let mut talks: Vec<Talk> = Vec::new();
    let mut numbers: HashMap<String, usize> = HashMap::new();
    for row in sqlx::query(query).bind(owner_id).bind(TALKS).fetch_all(tx).await? {
        let id: String = row.try_get("id")?;
        let number = if let Some(number) = numbers.get(&id) {
            *number
        } else {
            numbers.insert(id.clone(), talks.len());
            talks.push(Talk {
                id,
                title: row.try_get("title")?,
                indexed_title: row.try_get("indexed_title")?,
                updated_at: row.try_get("updated_at")?,
                next_position: row.try_get::<Option<i64>, _>("next_position")?.unwrap_or(0),
                ..Talk::default()
            });
            talks.len() - 1
        };
        talks[number].pending.push(row.try_get("pending")?);
    }
    Ok(talks)
}

/// A message that may be new to the index.
#[derive(Clone, Debug, FromRow)]
pub struct Said {
    /// Its place in the order of arrival.
    pub position: i64,
    /// As it is stored.
    pub role: String,
    /// 1: not shown.
    pub hidden: i64,
    /// Unix microseconds.
    pub created_at: i64,
    /// What it says.
    pub parts: String,
}

impl Said {
    /// Whether its words are shown as somebody's.
    pub fn shows(&self) -> bool {
        self.hidden == 0 && matches!(self.role.as_str(), "user" | "assistant")
    }
}

/// Up to `limit` messages of a conversation from a position on, in order. It ends before an answer that is still being
/// written, which says that it is whole by becoming pending again.
pub async fn said(tx: &mut Tx, conversation_id: &str, from: i64, limit: usize) -> Result<Vec<Said>, Error> {
    let query = "SELECT m.position, m.role, m.hidden, m.created_at, b.parts \
                 FROM messages m JOIN message_bodies b ON b.message_id = m.id \
                 WHERE m.conversation_id = $1 AND m.position >= $2 AND NOT EXISTS ( \
                     SELECT 1 FROM answers a JOIN messages r ON r.id = a.message_id \
                     WHERE a.conversation_id = $1 AND a.state = 'running' AND r.position <= m.position) \
                 ORDER BY m.position LIMIT $3";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    Ok(sqlx::query_as(query).bind(conversation_id).bind(from).bind(limit).fetch_all(tx).await?)
}

/// Writes down that conversations are in the index as far as they were read, and holds them until the transaction
/// ends, so that none is deleted meanwhile.
///
/// # Errors
/// [`Error::NotFound`] if one was deleted, or indexed by somebody else, since it was read.
pub async fn settle(tx: &mut Tx, owner_id: &str, talks: &[Talk]) -> Result<(), Error> {
    let ids: Vec<&str> = talks.iter().map(|talk| talk.id.as_str()).collect();
    // An update that changes nothing locks on both databases.
    let lock = "UPDATE conversations SET updated_at = updated_at WHERE owner_id = $1 AND id IN";
    each_of(tx, lock, owner_id, &ids).await?;
    let done: Vec<&str> = talks.iter().filter(|talk| talk.is_whole).flat_map(|talk| &talk.pending).map(String::as_str).collect();
    each_of(tx, "DELETE FROM search_pending WHERE owner_id = $1 AND id IN", owner_id, &done).await?;
    let (new, known): (Vec<&Talk>, Vec<&Talk>) = talks.iter().partition(|talk| talk.indexed_title.is_none());
    for chunk in new.chunks(ROWS) {
        let query = format!(
            "INSERT INTO search_conversations (conversation_id, next_position, title) VALUES {} \
                 ON CONFLICT (conversation_id) DO NOTHING",
            sql::rows(chunk.len(), 3)
        );
        let mut statement = sqlx::query(AssertSqlSafe(query));
        for talk in chunk {
            statement = statement.bind(&talk.id).bind(talk.indexed_to).bind(&talk.title);
        }
        touched(statement.execute(&mut *tx).await?.rows_affected(), chunk.len())?;
    }
    for talk in known {
        let query = "UPDATE search_conversations SET next_position = $1, title = $2 WHERE conversation_id = $3 AND next_position = $4";
        let statement = sqlx::query(query).bind(talk.indexed_to).bind(&talk.title).bind(&talk.id).bind(talk.next_position);
        touched(statement.execute(&mut *tx).await?.rows_affected(), 1)?;
        if talk.title_is_new() {
            let query = "DELETE FROM search_fresh WHERE conversation_id = $1 AND position = $2";
            sqlx::query(query).bind(&talk.id).bind(TITLE_POSITION).execute(&mut *tx).await?;
        }
    }
    Ok(())
}

/// Runs `query`, which takes the owner and ends in an `IN`, and requires that it touches each of them.
async fn each_of(tx: &mut Tx, query: &str, owner_id: &str, ids: &[&str]) -> Result<(), Error> {
    for chunk in ids.chunks(ASKED) {
        let query = format!("{query} ({})", sql::placeholders(2, chunk.len()));
        let mut statement = sqlx::query(AssertSqlSafe(query)).persistent(false).bind(owner_id);
        for id in chunk {
            statement = statement.bind((*id).to_owned());
        }
        touched(statement.execute(&mut *tx).await?.rows_affected(), chunk.len())?;
    }
    Ok(())
}

fn touched(rows: u64, expected: usize) -> Result<(), Error> {
    if rows == expected as u64 { Ok(()) } else { Err(Error::NotFound) }
}

/// Adds docs by themselves.
pub async fn insert_fresh(tx: &mut Tx, owner_id: &str, docs: &[Doc]) -> Result<(), Error> {
    for chunk in docs.chunks(ROWS) {
        let query =
            format!("INSERT INTO search_fresh (id, owner_id, conversation_id, position, at, words) VALUES {}", sql::rows(chunk.len(), 6));
        let mut statement = sqlx::query(AssertSqlSafe(query)).persistent(chunk.len() == 1);
        for doc in chunk {
            let position = doc.position.unwrap_or(TITLE_POSITION);
            statement =
                statement.bind(ids::new("doc")).bind(owner_id).bind(&doc.conversation_id).bind(position).bind(doc.at).bind(&doc.words);
        }
        statement.execute(&mut *tx).await?;
    }
    Ok(())
}

/// How many docs of an owner stand by themselves.
pub async fn count_fresh(tx: &mut Tx, owner_id: &str) -> Result<usize, Error> {
    let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM search_fresh WHERE owner_id = $1").bind(owner_id).fetch_one(tx).await?;
    Ok(usize::try_from(count).unwrap_or(0))
}

/// The newest of them, and their ids.
pub async fn fresh(tx: &mut Tx, owner_id: &str, limit: usize) -> Result<(Vec<String>, Vec<Doc>), Error> {
    let query = "SELECT id, conversation_id, position, at, words FROM search_fresh WHERE owner_id = $1 ORDER BY at DESC, id DESC LIMIT $2";
    let rows = sqlx::query(query).bind(owner_id).bind(i64::try_from(limit).unwrap_or(i64::MAX)).fetch_all(tx).await?;
    let (mut ids, mut docs) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
    for row in rows {
        ids.push(row.try_get("id")?);
        let position = Some(row.try_get("position")?).filter(|position| *position != TITLE_POSITION);
        docs.push(Doc { conversation_id: row.try_get("conversation_id")?, position, at: row.try_get("at")?, words: row.try_get("words")? });
    }
    Ok((ids, docs))
}

/// Removes them, since a block has them.
///
/// # Errors
/// [`Error::NotFound`] if one went since it was read.
pub async fn remove_fresh(tx: &mut Tx, owner_id: &str, ids: &[String]) -> Result<(), Error> {
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    each_of(tx, "DELETE FROM search_fresh WHERE owner_id = $1 AND id IN", owner_id, &ids).await
}

/// Stores a block; `places` are the conversations that it holds something of.
pub async fn insert_block(tx: &mut Tx, owner_id: &str, block: &Block, places: &[String]) -> Result<(), Error> {
    let id = ids::new("block");
    sqlx::query("INSERT INTO search_blocks (id, owner_id, newest, members) VALUES ($1, $2, $3, $4)")
        .bind(&id)
        .bind(owner_id)
        .bind(block.newest)
        .bind(&block.members)
        .execute(&mut *tx)
        .await?;
    put_words(tx, &id, &block.words).await?;
    for chunk in places.chunks(ROWS) {
        let query = format!("INSERT INTO search_places (conversation_id, block_id) VALUES {}", sql::rows(chunk.len(), 2));
        let mut statement = sqlx::query(AssertSqlSafe(query)).persistent(chunk.len() == ROWS);
        for conversation_id in chunk {
            statement = statement.bind(conversation_id).bind(&id);
        }
        statement.execute(&mut *tx).await?;
    }
    Ok(())
}

/// Stores rows of a block's words, heads and entries, in the place of those with the same heads.
pub async fn put_words(tx: &mut Tx, block_id: &str, words: &[(String, Vec<u8>)]) -> Result<(), Error> {
    for chunk in words.chunks(ROWS) {
        let query = format!(
            "INSERT INTO search_words (block_id, head, entries) VALUES {} \
             ON CONFLICT (block_id, head) DO UPDATE SET entries = excluded.entries",
            sql::rows(chunk.len(), 3)
        );
        let mut statement = sqlx::query(AssertSqlSafe(query)).persistent(chunk.len() == ROWS);
        for (head, entries) in chunk {
            statement = statement.bind(block_id).bind(head).bind(entries);
        }
        statement.execute(&mut *tx).await?;
    }
    Ok(())
}

/// Up to `limit` rows of a block's words behind a head.
pub async fn words(tx: &mut Tx, block_id: &str, after: &str, limit: i64) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let query = "SELECT head, entries FROM search_words WHERE block_id = $1 AND head > $2 ORDER BY head LIMIT $3";
    Ok(sqlx::query_as(query).bind(block_id).bind(after).bind(limit).fetch_all(tx).await?)
}

/// Removes rows of a block's words.
pub async fn remove_words(tx: &mut Tx, block_id: &str, heads: &[String]) -> Result<(), Error> {
    for chunk in heads.chunks(ASKED) {
        let query = format!("DELETE FROM search_words WHERE block_id = $1 AND head IN ({})", sql::placeholders(2, chunk.len()));
        let mut statement = sqlx::query(AssertSqlSafe(query)).persistent(false).bind(block_id);
        for head in chunk {
            statement = statement.bind(head);
        }
        statement.execute(&mut *tx).await?;
    }
    Ok(())
}

/// A block has nothing of the conversation any more; these are its members now.
pub async fn leave(tx: &mut Tx, block_id: &str, conversation_id: &str, members: &[u8]) -> Result<(), Error> {
    sqlx::query("UPDATE search_blocks SET members = $1 WHERE id = $2").bind(members).bind(block_id).execute(&mut *tx).await?;
    let query = "DELETE FROM search_places WHERE conversation_id = $1 AND block_id = $2";
    sqlx::query(query).bind(conversation_id).bind(block_id).execute(tx).await?;
    Ok(())
}

/// Where something was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// When it was said.
    pub at: i64,
    /// `conv_…`
    pub conversation_id: String,
    /// The message's; `None`: the title.
    pub position: Option<i64>,
}

/// What stands by itself and has all the words.
pub async fn fresh_with(tx: &mut Tx, owner_id: &str, field: Field, terms: &[Term]) -> Result<Vec<Place>, Error> {
    let mut query = String::from("SELECT conversation_id, position, at FROM search_fresh WHERE owner_id = $1 AND position ");
    query.push_str(if field == Field::Title { "< 0" } else { ">= 0" });
    for number in 2..terms.len() + 2 {
        // A word has no character that means something to LIKE.
        let _ = write!(query, " AND ' ' || words || ' ' LIKE ${number}");
    }
    let mut statement = sqlx::query(AssertSqlSafe(query)).bind(owner_id);
    for term in terms {
        statement = statement.bind(if term.prefix { format!("% {}%", term.word) } else { format!("% {} %", term.word) });
    }
    let rows = statement.fetch_all(tx).await?;
    rows.into_iter()
        .map(|row| {
            let position = Some(row.try_get("position")?).filter(|position| *position != TITLE_POSITION);
            Ok(Place { at: row.try_get("at")?, conversation_id: row.try_get("conversation_id")?, position })
        })
        .collect()
}

/// An owner's blocks, newest first: id and time of the newest member.
pub async fn blocks(tx: &mut Tx, owner_id: &str) -> Result<Vec<(String, i64)>, Error> {
    let query = "SELECT id, newest FROM search_blocks WHERE owner_id = $1 ORDER BY newest DESC, id DESC";
    Ok(sqlx::query_as(query).bind(owner_id).fetch_all(tx).await?)
}

/// The rows of these blocks with these heads: block, head and entries.
pub async fn entries(tx: &mut Tx, blocks: &[(String, i64)], heads: &Heads) -> Result<Vec<(String, String, Vec<u8>)>, Error> {
    let select = format!("SELECT block_id, head, entries FROM search_words WHERE block_id IN ({})", sql::placeholders(1, blocks.len()));
    let mut parts = Vec::new();
    let mut next = blocks.len() + 1;
    if !heads.exact.is_empty() {
        parts.push(format!("{select} AND head IN ({})", sql::placeholders(next, heads.exact.len())));
        next += heads.exact.len();
    }
    for _ in &heads.begin {
        parts.push(format!("{select} AND head >= ${next} AND head < ${}", next + 1));
        next += 2;
    }
    let mut statement = sqlx::query_as(AssertSqlSafe(parts.join(" UNION ALL "))).persistent(false);
    for (id, _) in blocks {
        statement = statement.bind(id.clone());
    }
    for head in &heads.exact {
        statement = statement.bind(head.clone());
    }
    for head in &heads.begin {
        statement = statement.bind(head.clone()).bind(format!("{head}\u{10ffff}"));
    }
    Ok(statement.fetch_all(tx).await?)
}

/// Who the members of these blocks are.
pub async fn members(tx: &mut Tx, blocks: &[&str]) -> Result<HashMap<String, Vec<u8>>, Error> {
    let query = format!("SELECT id, members FROM search_blocks WHERE id IN ({})", sql::placeholders(1, blocks.len()));
    let mut statement = sqlx::query_as(AssertSqlSafe(query)).persistent(false);
    for id in blocks {
        statement = statement.bind((*id).to_owned());
    }
    let rows: Vec<(String, Vec<u8>)> = statement.fetch_all(tx).await?;
    Ok(rows.into_iter().collect())
}
