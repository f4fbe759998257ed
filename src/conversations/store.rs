//! Queries on conversations and their messages, always through the owner.

use std::collections::HashSet;

use sqlx::AssertSqlSafe;

use super::conversation::Conversation;
use crate::accounts::user::User;
use crate::api::list::{Cursor, Place};
use crate::error::Error;
use crate::storage::{Tx, sql};

/// Conversations asked about by one query.
const CHUNK: usize = 250;

/// One conversation, through its owner.
///
/// # Errors
/// [`Error::NotFound`] if it isn't there or is another's.
pub async fn owned(tx: &mut Tx, owner_id: &str, id: &str) -> Result<Conversation, Error> {
    let query = "SELECT id, title, current_message_id, created_at, updated_at FROM conversations WHERE owner_id = $1 AND id = $2";
    sqlx::query_as(query).bind(owner_id).bind(id).fetch_optional(tx).await?.ok_or(Error::NotFound)
}

/// The same, holding the row until the transaction ends: nobody deletes or changes it meanwhile. An update that
/// changes nothing locks on both databases.
pub async fn lock_owned(tx: &mut Tx, owner_id: &str, id: &str) -> Result<Conversation, Error> {
    let query = "UPDATE conversations SET updated_at = updated_at WHERE owner_id = $1 AND id = $2 \
                 RETURNING id, title, current_message_id, created_at, updated_at";
    sqlx::query_as(query).bind(owner_id).bind(id).fetch_optional(tx).await?.ok_or(Error::NotFound)
}

/// Whose conversation this is, and its id again, for the command line on the database itself.
pub async fn owner_of(tx: &mut Tx, id: &str) -> Result<Option<(User, String)>, Error> {
    let query =
        "SELECT u.id, u.email, u.name, u.role, u.share_epoch FROM users u JOIN conversations c ON c.owner_id = u.id WHERE c.id = $1";
    let owner: Option<User> = sqlx::query_as(query).bind(id).fetch_optional(tx).await?;
    Ok(owner.map(|owner| (owner, id.to_owned())))
}

/// The ids of a conversation's files. Whoever calls this has loaded the conversation through its owner.
pub async fn file_ids(tx: &mut Tx, conversation_id: &str) -> Result<HashSet<String>, Error> {
    let ids = sqlx::query_scalar("SELECT id FROM files WHERE conversation_id = $1").bind(conversation_id).fetch_all(tx).await?;
    Ok(ids.into_iter().collect())
}

/// A conversation in the list.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Listed {
    /// `conv_…`
    pub id: String,
    /// Its title.
    pub title: String,
    /// Unix microseconds.
    pub updated_at: i64,
    /// 1: it has a live link.
    pub shared: i64,
}

/// What the list shows of a conversation: `$1` is its owner, `$2` the owner's share epoch.
const LISTED: &str = "SELECT c.id, c.title, c.updated_at, \
       CAST(CASE WHEN EXISTS (SELECT 1 FROM links l WHERE l.target_id = c.id AND l.owner_id = $1 AND l.share_epoch = $2) \
            THEN 1 ELSE 0 END AS BIGINT) AS shared \
     FROM conversations c WHERE c.owner_id = $1";

/// Up to `limit` of the owner's conversations, newest first, behind `after` (time and id). The rows are compared as one
/// value with the index's own columns, so it begins to read where the stretch begins.
pub async fn list(tx: &mut Tx, owner: &User, after: Option<(i64, &str)>, limit: usize) -> Result<Vec<Listed>, Error> {
    let query = format!("{LISTED} AND (c.updated_at, c.id) < ($3, $4) ORDER BY c.updated_at DESC, c.id DESC LIMIT $5");
    let (at, id) = after.unwrap_or((i64::MAX, ""));
    let rows = sqlx::query_as(AssertSqlSafe(query))
        .bind(&owner.id)
        .bind(owner.share_epoch)
        .bind(at)
        .bind(id)
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(tx)
        .await?;
    Ok(rows)
}

/// Those of the owner's conversations that have one of these ids, in no order.
pub async fn listed(tx: &mut Tx, owner: &User, ids: &[&str]) -> Result<Vec<Listed>, Error> {
    let mut rows = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        let query = format!("{LISTED} AND c.id IN ({})", sql::placeholders(3, chunk.len()));
        let mut statement = sqlx::query_as(AssertSqlSafe(query)).persistent(false).bind(&owner.id).bind(owner.share_epoch);
        for id in chunk {
            statement = statement.bind((*id).to_owned());
        }
        rows.extend(statement.fetch_all(&mut *tx).await?);
    }
    Ok(rows)
}

/// A conversation as programs see it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Detail {
    /// `conv_…`
    pub id: String,
    /// Its title.
    pub title: String,
    /// Where it was imported from; `None`: it is from here.
    pub source: Option<String>,
    /// The leaf of the current branch.
    pub current_message_id: Option<String>,
    /// Unix microseconds.
    pub created_at: i64,
    /// Unix microseconds; the time of the last message.
    pub updated_at: i64,
    /// 1: it has a live link.
    pub shared: i64,
}

/// What programs see of conversations: `$1` is their owner, `$2` the owner's share epoch.
const DETAIL: &str = "SELECT c.id, c.title, c.source, c.current_message_id, c.created_at, c.updated_at, \
       CAST(CASE WHEN EXISTS (SELECT 1 FROM links l WHERE l.target_id = c.id AND l.owner_id = $1 AND l.share_epoch = $2) \
            THEN 1 ELSE 0 END AS BIGINT) AS shared \
     FROM conversations c WHERE c.owner_id = $1";

/// One conversation, through its owner.
///
/// # Errors
/// [`Error::NotFound`] if it isn't there or is another's.
pub async fn detail(tx: &mut Tx, owner: &User, id: &str) -> Result<Detail, Error> {
    details(tx, owner, &[id.to_owned()]).await?.pop().ok_or(Error::NotFound)
}

/// Those of the owner's conversations that have one of these ids, in no order.
pub async fn details(tx: &mut Tx, owner: &User, ids: &[String]) -> Result<Vec<Detail>, Error> {
    let mut rows = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        let query = format!("{DETAIL} AND c.id IN ({})", sql::placeholders(3, chunk.len()));
        let mut statement = sqlx::query_as(AssertSqlSafe(query)).persistent(false).bind(&owner.id).bind(owner.share_epoch);
        for id in chunk {
            statement = statement.bind(id);
        }
        rows.extend(statement.fetch_all(&mut *tx).await?);
    }
    Ok(rows)
}

/// The conversation that a cursor names.
///
/// # Errors
/// As [`Cursor::unknown`] if it is none of theirs.
pub async fn beside(tx: &mut Tx, owner: &User, cursor: &Cursor) -> Result<Detail, Error> {
    detail(tx, owner, cursor.id()).await.map_err(|error| match error {
        Error::NotFound => cursor.unknown(),
        other => other,
    })
}

/// Up to [`Place::to_fetch`] of the owner's conversations, by the time at which they were made.
///
/// # Errors
/// As [`beside`].
pub async fn page(tx: &mut Tx, owner: &User, place: &Place) -> Result<Vec<Detail>, Error> {
    let (direction, than) = if place.reads_ascending() { ("ASC", ">") } else { ("DESC", "<") };
    let (at, id) = match &place.cursor {
        Some(cursor) => beside(tx, owner, cursor).await.map(|detail| (detail.created_at, detail.id))?,
        // Beside all that there are, so that the statement is the same and reads the index from its end.
        None if place.reads_ascending() => (i64::MIN, String::new()),
        None => (i64::MAX, String::new()),
    };
    let query = format!("{DETAIL} AND (c.created_at, c.id) {than} ($3, $4) ORDER BY c.created_at {direction}, c.id {direction} LIMIT $5");
    let query = sqlx::query_as(AssertSqlSafe(query)).bind(&owner.id).bind(owner.share_epoch).bind(at).bind(id).bind(place.to_fetch());
    Ok(query.fetch_all(tx).await?)
}

/// Where an owned conversation comes from, such as `chatgpt`; `None`: from here.
pub async fn source(tx: &mut Tx, owner_id: &str, id: &str) -> Result<Option<String>, Error> {
    let query = "SELECT source FROM conversations WHERE owner_id = $1 AND id = $2";
    sqlx::query_scalar(query).bind(owner_id).bind(id).fetch_optional(tx).await?.ok_or(Error::NotFound)
}

/// The owner's conversation that came from `source` under this id.
pub async fn from_source(tx: &mut Tx, owner_id: &str, source: &str, source_id: &str) -> Result<Option<String>, Error> {
    let query = "SELECT id FROM conversations WHERE owner_id = $1 AND source = $2 AND source_id = $3";
    Ok(sqlx::query_scalar(query).bind(owner_id).bind(source).bind(source_id).fetch_optional(tx).await?)
}

/// Gives a conversation a title.
pub async fn set_title(tx: &mut Tx, owner_id: &str, id: &str, title: &str) -> Result<(), Error> {
    let query = "UPDATE conversations SET title = $1, title_key = $2 WHERE owner_id = $3 AND id = $4";
    let done = sqlx::query(query).bind(title).bind(title.to_lowercase()).bind(owner_id).bind(id).execute(tx).await?;
    sql::one_row(&done)
}

/// Makes another message the leaf of the current branch.
pub async fn set_current(tx: &mut Tx, owner_id: &str, id: &str, message_id: &str) -> Result<(), Error> {
    let query = "UPDATE conversations SET current_message_id = $1 WHERE owner_id = $2 AND id = $3";
    let done = sqlx::query(query).bind(message_id).bind(owner_id).bind(id).execute(tx).await?;
    sql::one_row(&done)
}

/// Takes a conversation from its owner: from here on no query finds it, and the clean-up removes it. The same import
/// may bring it again, as a new one.
pub async fn disown(tx: &mut Tx, owner_id: &str, id: &str) -> Result<(), Error> {
    let query = "UPDATE conversations SET owner_id = NULL, source_id = NULL WHERE owner_id = $1 AND id = $2";
    let done = sqlx::query(query).bind(owner_id).bind(id).execute(tx).await?;
    sql::one_row(&done)
}

/// A file, through the conversation's owner.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct File {
    /// As it was called at its source.
    pub name: String,
    /// What its bytes say it is.
    pub media_type: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// One file of one of the owner's conversations.
///
/// # Errors
/// [`Error::NotFound`] if it isn't there or is another's.
pub async fn file(tx: &mut Tx, owner_id: &str, file_id: &str) -> Result<File, Error> {
    let query = "SELECT f.name, f.media_type, f.bytes FROM files f JOIN conversations c ON c.id = f.conversation_id \
                 WHERE f.id = $1 AND c.owner_id = $2";
    sqlx::query_as(query).bind(file_id).bind(owner_id).fetch_optional(tx).await?.ok_or(Error::NotFound)
}

/// How many conversations a person has.
pub async fn count(tx: &mut Tx, owner_id: &str) -> Result<i64, Error> {
    Ok(sqlx::query_scalar("SELECT COUNT(*) FROM conversations WHERE owner_id = $1").bind(owner_id).fetch_one(tx).await?)
}
