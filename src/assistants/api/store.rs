//! What programs see of assistants, read page by page.

use sqlx::AssertSqlSafe;

use crate::api::list::Place;
use crate::assistants::store::EDITS;
use crate::error::Error;
use crate::storage::{Tx, sql};

/// An assistant in the version that who asked sees.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Shown {
    /// `asst_…`
    pub id: String,
    /// What its owner is called.
    pub owner_name: String,
    /// 1: who asked is the owner.
    pub owned: i64,
    /// 1: who asked may change it.
    pub edits: i64,
    /// `private` or `listed`.
    pub visibility: String,
    /// The published version; 0: none.
    pub published: i64,
    /// Unix microseconds.
    pub created_at: i64,
    /// Unix microseconds.
    pub updated_at: i64,
    /// The version.
    pub number: i64,
    /// Its name.
    pub name: String,
    /// In the place of a picture.
    pub emoji: String,
    /// What it is for.
    pub description: String,
    /// JSON, [`Body`](crate::assistants::version::Body).
    pub body: String,
}

/// `$1` is who asks, who sees what they may change as it stands now, and of others what is published and listed.
fn shown_to() -> String {
    format!(
        "SELECT a.id, u.name AS owner_name, CAST(CASE WHEN a.owner_id = $1 THEN 1 ELSE 0 END AS BIGINT) AS owned, \
                CAST(CASE WHEN {EDITS} THEN 1 ELSE 0 END AS BIGINT) AS edits, a.visibility, a.published, a.created_at, a.updated_at, \
                v.number, v.name, v.emoji, v.description, v.body \
         FROM assistants a JOIN users u ON u.id = a.owner_id AND u.disabled_at IS NULL AND u.deleted_at IS NULL \
         JOIN assistant_versions v ON v.assistant_id = a.id AND v.number = CASE WHEN {EDITS} THEN a.newest ELSE a.published END \
         WHERE ({EDITS} OR a.visibility = 'listed')"
    )
}

/// One that this person may talk to.
///
/// # Errors
/// [`Error::NotFound`] for any other.
pub async fn one(tx: &mut Tx, user_id: &str, id: &str) -> Result<Shown, Error> {
    let query = format!("{} AND a.id = $2", shown_to());
    sqlx::query_as(AssertSqlSafe(query)).bind(user_id).bind(id).fetch_optional(tx).await?.ok_or(Error::NotFound)
}

/// Up to [`Place::to_fetch`] of those that this person may talk to, with these words in name or description, by the time at
/// which they were made.
///
/// # Errors
/// [`Error::BadRequest`] for a cursor that is none of them.
pub async fn page(tx: &mut Tx, user_id: &str, words: &str, place: &Place) -> Result<Vec<Shown>, Error> {
    let (direction, than) = if place.reads_ascending() { ("ASC", ">") } else { ("DESC", "<") };
    let (at, id) = match &place.cursor {
        Some(cursor) => match one(tx, user_id, cursor.id()).await {
            Ok(beside) => (beside.created_at, beside.id),
            Err(Error::NotFound) => return Err(cursor.unknown()),
            Err(error) => return Err(error),
        },
        None if place.reads_ascending() => (i64::MIN, String::new()),
        None => (i64::MAX, String::new()),
    };
    let query = format!(
        "{} AND (a.created_at, a.id) {than} ($2, $3) AND (v.name_key LIKE $4 ESCAPE '\\' OR LOWER(v.description) LIKE $4 ESCAPE '\\') \
         ORDER BY a.created_at {direction}, a.id {direction} LIMIT $5",
        shown_to()
    );
    let query = sqlx::query_as(AssertSqlSafe(query)).bind(user_id).bind(at).bind(id).bind(sql::contains(words)).bind(place.to_fetch());
    Ok(query.fetch_all(tx).await?)
}

/// A file of knowledge, without its text.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct File {
    /// `file_…`
    pub id: String,
    /// Of which assistant.
    pub assistant_id: String,
    /// As its person calls it.
    pub name: String,
    /// Bytes.
    pub size: i64,
}

/// The files of these assistants. Whoever calls this has loaded them through who asks.
pub async fn files<'a>(tx: &mut Tx, ids: impl ExactSizeIterator<Item = &'a str>) -> Result<Vec<File>, Error> {
    if ids.len() == 0 {
        return Ok(Vec::new());
    }
    let query = format!(
        "SELECT id, assistant_id, name, size FROM assistant_files WHERE kind = 'knowledge' AND assistant_id IN ({})",
        sql::placeholders(1, ids.len())
    );
    let mut query = sqlx::query_as(AssertSqlSafe(query)).persistent(false);
    for id in ids {
        query = query.bind(id.to_owned());
    }
    Ok(query.fetch_all(tx).await?)
}

/// A version as it was saved.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Saved {
    /// From 1.
    pub number: i64,
    /// Who saved it; nothing once their account is gone.
    pub saved_by: Option<String>,
    /// Unix microseconds.
    pub created_at: i64,
    /// Its name.
    pub name: String,
    /// In the place of a picture.
    pub emoji: String,
    /// What it is for.
    pub description: String,
    /// JSON, [`Body`](crate::assistants::version::Body).
    pub body: String,
}

/// Up to [`Place::to_fetch`] versions. Whoever calls this has loaded the assistant as an editor.
///
/// # Errors
/// [`Error::BadRequest`] for a cursor that is no number.
pub async fn versions(tx: &mut Tx, id: &str, place: &Place) -> Result<Vec<Saved>, Error> {
    let (direction, than) = if place.reads_ascending() { ("ASC", ">") } else { ("DESC", "<") };
    let at = match &place.cursor {
        Some(cursor) => cursor.id().parse().map_err(|_| cursor.unknown())?,
        None if place.reads_ascending() => i64::MIN,
        None => i64::MAX,
    };
    let query = format!(
        "SELECT v.number, u.name AS saved_by, v.created_at, v.name, v.emoji, v.description, v.body FROM assistant_versions v \
         LEFT JOIN users u ON u.id = v.saved_by AND u.deleted_at IS NULL \
         WHERE v.assistant_id = $1 AND v.number {than} $2 ORDER BY v.number {direction} LIMIT $3"
    );
    Ok(sqlx::query_as(AssertSqlSafe(query)).bind(id).bind(at).bind(place.to_fetch()).fetch_all(tx).await?)
}
