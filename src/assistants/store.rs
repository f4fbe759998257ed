//! Queries on assistants. Each load says who asks: [`usable`] for who may talk to it, [`editable`] for who may change it,
//! [`owned`] for whose it is.

use sqlx::{AssertSqlSafe, Row};

use super::version::{Body, Face, Version};
use crate::error::Error;
use crate::links;
use crate::pdf::Extent;
use crate::storage::{Tx, sql};

/// An assistant, as far as it concerns who asked for it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Assistant {
    /// `asst_…`
    pub id: String,
    /// Whose it is.
    pub owner_id: String,
    /// What that person is called. For members; a link's page says it only if the link is named.
    pub owner_name: String,
    /// `private` or `listed`.
    pub visibility: String,
    /// The newest version.
    pub newest: i64,
    /// The version that everybody but its editors gets; 0: none.
    pub published: i64,
    /// Unix microseconds.
    pub updated_at: i64,
    /// 1: who asked may change it.
    pub edits: i64,
}

impl Assistant {
    /// Whether who asked may change it.
    pub fn is_editable(&self) -> bool {
        self.edits == 1
    }

    /// The version that who asked talks to: the published one, and an editor the newest while there is none.
    pub fn spoken(&self) -> i64 {
        if self.published > 0 { self.published } else { self.newest }
    }
}

/// Whether `$1` may change the assistant `a`.
pub const EDITS: &str = "(a.owner_id = $1 OR EXISTS (SELECT 1 FROM assistant_editors e WHERE e.assistant_id = a.id AND e.user_id = $1))";

/// One that this person may talk to: their own, one that they edit, or one that is listed for members.
///
/// # Errors
/// [`Error::NotFound`] for any other.
pub async fn usable(tx: &mut Tx, user_id: &str, id: &str) -> Result<Assistant, Error> {
    // An assistant of somebody who may not come in any more is nobody's.
    let query = format!(
        "SELECT a.id, a.owner_id, u.name AS owner_name, a.visibility, a.newest, a.published, a.updated_at, \
                CAST(CASE WHEN {EDITS} THEN 1 ELSE 0 END AS BIGINT) AS edits \
         FROM assistants a JOIN users u ON u.id = a.owner_id AND u.disabled_at IS NULL AND u.deleted_at IS NULL WHERE a.id = $2"
    );
    let found: Option<Assistant> = sqlx::query_as(AssertSqlSafe(query)).bind(user_id).bind(id).fetch_optional(tx).await?;
    found.filter(|found| found.is_editable() || (found.visibility == "listed" && found.published > 0)).ok_or(Error::NotFound)
}

/// One that this person may change.
///
/// # Errors
/// [`Error::NotFound`] for any other.
pub async fn editable(tx: &mut Tx, user_id: &str, id: &str) -> Result<Assistant, Error> {
    let found = usable(tx, user_id, id).await?;
    if found.is_editable() { Ok(found) } else { Err(Error::NotFound) }
}

/// One that is this person's own.
///
/// # Errors
/// [`Error::Forbidden`] for one that they may only change, [`Error::NotFound`] for any other.
pub async fn owned(tx: &mut Tx, user_id: &str, id: &str) -> Result<Assistant, Error> {
    let found = editable(tx, user_id, id).await?;
    if found.owner_id == user_id { Ok(found) } else { Err(Error::Forbidden("Only the person whose assistant this is can do that.")) }
}

/// The same as [`editable`], holding the row until the transaction ends: versions are numbered one after the other.
pub async fn lock_editable(tx: &mut Tx, user_id: &str, id: &str) -> Result<Assistant, Error> {
    sqlx::query("UPDATE assistants SET updated_at = updated_at WHERE id = $1").bind(id).execute(&mut *tx).await?;
    editable(tx, user_id, id).await
}

/// An assistant in a list.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Listed {
    /// `asst_…`
    pub id: String,
    /// What its owner is called.
    pub owner_name: String,
    /// 1: who asked may change it.
    pub edits: i64,
    /// `private` or `listed`.
    pub visibility: String,
    /// The version that is published; 0: none.
    pub published: i64,
    /// The newest version.
    pub newest: i64,
    /// Its name.
    pub name: String,
    /// In the place of a picture.
    pub emoji: String,
    /// Its picture.
    pub picture_id: String,
    /// What it is for.
    pub description: String,
}

/// The most assistants that one part of the library shows.
pub const SHOWN: i64 = 200;

/// Those that this person may change (`mine`), as they stand now; or else those of others that are listed for members, as
/// they were published. With these words in name or description, newest first.
pub async fn list(tx: &mut Tx, user_id: &str, mine: bool, words: &str) -> Result<Vec<Listed>, Error> {
    let (version, which) =
        if mine { ("a.newest", EDITS.to_owned()) } else { ("a.published", format!("a.visibility = 'listed' AND NOT {EDITS}")) };
    let query = format!(
        "SELECT a.id, u.name AS owner_name, CAST({} AS BIGINT) AS edits, a.visibility, a.published, a.newest, \
                v.name, v.emoji, v.picture_id, v.description \
         FROM assistants a JOIN users u ON u.id = a.owner_id AND u.disabled_at IS NULL AND u.deleted_at IS NULL \
         JOIN assistant_versions v ON v.assistant_id = a.id AND v.number = {version} \
         WHERE {which} AND (v.name_key LIKE $2 ESCAPE '\\' OR LOWER(v.description) LIKE $2 ESCAPE '\\') \
         ORDER BY a.updated_at DESC, a.id DESC LIMIT $3",
        i64::from(mine)
    );
    Ok(sqlx::query_as(AssertSqlSafe(query)).bind(user_id).bind(sql::contains(words)).bind(SHOWN).fetch_all(tx).await?)
}

/// Stores an assistant without a version.
pub async fn insert(tx: &mut Tx, id: &str, owner_id: &str, now: i64) -> Result<(), Error> {
    let query = "INSERT INTO assistants (id, owner_id, visibility, newest, published, created_at, updated_at) \
                 VALUES ($1, $2, 'private', 0, 0, $3, $3)";
    sqlx::query(query).bind(id).bind(owner_id).bind(now).execute(tx).await?;
    Ok(())
}

/// Stores a version. Whoever calls this holds the assistant's row.
pub async fn insert_version(tx: &mut Tx, id: &str, saved_by: &str, version: &Version) -> Result<(), Error> {
    let query = "INSERT INTO assistant_versions \
                 (assistant_id, number, saved_by, name, name_key, emoji, picture_id, description, body, created_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let Version { number, face, body, created_at } = version;
    sqlx::query(query)
        .bind(id)
        .bind(number)
        .bind(saved_by)
        .bind(&face.name)
        .bind(face.name.to_lowercase())
        .bind(&face.emoji)
        .bind(&face.picture_id)
        .bind(&face.description)
        .bind(serde_json::to_string(body)?)
        .bind(created_at)
        .execute(&mut *tx)
        .await?;
    let query = "UPDATE assistants SET newest = $1, updated_at = $2 WHERE id = $3";
    sql::one_row(&sqlx::query(query).bind(number).bind(created_at).bind(id).execute(tx).await?)
}

/// From now on everybody gets this version. Whoever calls this holds the assistant's row.
pub async fn publish(tx: &mut Tx, id: &str, number: i64) -> Result<(), Error> {
    let query = "UPDATE assistants SET published = $1 WHERE id = $2";
    sql::one_row(&sqlx::query(query).bind(number).bind(id).execute(&mut *tx).await?)?;
    let name = version(tx, id, number).await?.face.name;
    links::store::rename_of_assistant(tx, id, &name).await
}

/// One version. Whoever calls this has loaded the assistant through who asks.
///
/// # Errors
/// [`Error::NotFound`] if it has no such version.
pub async fn version(tx: &mut Tx, id: &str, number: i64) -> Result<Version, Error> {
    let query = "SELECT number, name, emoji, picture_id, description, body, created_at FROM assistant_versions \
                 WHERE assistant_id = $1 AND number = $2";
    let row = sqlx::query(query).bind(id).bind(number).fetch_optional(tx).await?.ok_or(Error::NotFound)?;
    let body: Body = serde_json::from_str(row.try_get("body")?)?;
    let face = Face {
        name: row.try_get("name")?,
        emoji: row.try_get("emoji")?,
        picture_id: row.try_get("picture_id")?,
        description: row.try_get("description")?,
        starters: body.starters.clone(),
    };
    Ok(Version { number: row.try_get("number")?, face, body, created_at: row.try_get("created_at")? })
}

/// What visitors see of an assistant whose link the gate has just found open: the version that is published.
///
/// # Errors
/// [`Error::Gone`] if it isn't there any more.
pub async fn given_out(tx: &mut Tx, id: &str) -> Result<Face, Error> {
    let published: Option<i64> =
        sqlx::query_scalar("SELECT published FROM assistants WHERE id = $1").bind(id).fetch_optional(&mut *tx).await?;
    let face = version(tx, id, published.ok_or(Error::Gone)?).await.map(|version| version.face);
    face.map_err(Error::or_gone)
}

/// A version in the list of them.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct VersionRow {
    /// From 1.
    pub number: i64,
    /// What it was called then.
    pub name: String,
    /// Who saved it; nothing once their account is gone.
    pub saved_by: Option<String>,
    /// Unix microseconds.
    pub created_at: i64,
}

/// The newest versions, newest first. Whoever calls this has loaded the assistant as an editor.
pub async fn versions(tx: &mut Tx, id: &str, limit: i64) -> Result<Vec<VersionRow>, Error> {
    let query = "SELECT v.number, v.name, u.name AS saved_by, v.created_at FROM assistant_versions v \
                 LEFT JOIN users u ON u.id = v.saved_by AND u.deleted_at IS NULL \
                 WHERE v.assistant_id = $1 ORDER BY v.number DESC LIMIT $2";
    Ok(sqlx::query_as(query).bind(id).bind(limit).fetch_all(tx).await?)
}

/// Listed for members of this server, or not.
pub async fn set_visibility(tx: &mut Tx, owner_id: &str, id: &str, visibility: &str) -> Result<(), Error> {
    let query = "UPDATE assistants SET visibility = $1 WHERE id = $2 AND owner_id = $3";
    sql::one_row(&sqlx::query(query).bind(visibility).bind(id).bind(owner_id).execute(tx).await?)
}

/// Removes it with its versions and files, by foreign key.
pub async fn delete(tx: &mut Tx, owner_id: &str, id: &str) -> Result<(), Error> {
    sql::one_row(&sqlx::query("DELETE FROM assistants WHERE id = $1 AND owner_id = $2").bind(id).bind(owner_id).execute(tx).await?)
}

/// A file without its bytes.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct FileRow {
    /// `file_…`
    pub id: String,
    /// As its person calls it.
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// Of a PDF: its pages.
    pub pages: Option<i64>,
    /// Of a PDF: those in which no text was found.
    pub blank_pages: Option<i64>,
    /// Of a PDF: the words of its text.
    pub words: Option<i64>,
}

/// Stores a file.
pub async fn insert_file(tx: &mut Tx, id: &str, assistant_id: &str, kind: &str, file: &NewFile<'_>, now: i64) -> Result<(), Error> {
    let query = "INSERT INTO assistant_files (id, assistant_id, kind, name, media_type, size, bytes, created_at, pages, blank_pages, words) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    sqlx::query(query)
        .bind(id)
        .bind(assistant_id)
        .bind(kind)
        .bind(file.name)
        .bind(file.media_type)
        .bind(i64::try_from(file.bytes.len()).unwrap_or(i64::MAX))
        .bind(file.bytes)
        .bind(now)
        .bind(file.extent.map(|extent| i64::from(extent.pages)))
        .bind(file.extent.map(|extent| i64::from(extent.blank)))
        .bind(file.extent.map(|extent| i64::from(extent.words)))
        .execute(tx)
        .await?;
    Ok(())
}

/// A file that is to be stored.
#[derive(Clone, Copy, Debug)]
pub struct NewFile<'a> {
    /// As its person calls it.
    pub name: &'a str,
    /// What its bytes say it is.
    pub media_type: &'a str,
    /// The bytes.
    pub bytes: &'a [u8],
    /// If they are the text of a PDF, how much of it.
    pub extent: Option<Extent>,
}

/// An assistant's files of knowledge, without their bytes.
pub async fn knowledge(tx: &mut Tx, id: &str) -> Result<Vec<FileRow>, Error> {
    let query = "SELECT id, name, size, pages, blank_pages, words FROM assistant_files WHERE assistant_id = $1 AND kind = 'knowledge' ORDER BY created_at, id";
    Ok(sqlx::query_as(query).bind(id).fetch_all(tx).await?)
}

/// The bytes of one of its files, with its media type.
pub async fn file(tx: &mut Tx, id: &str, kind: &str, file_id: &str) -> Result<Option<(String, Vec<u8>)>, Error> {
    let query = "SELECT media_type, bytes FROM assistant_files WHERE assistant_id = $1 AND kind = $2 AND id = $3";
    Ok(sqlx::query_as(query).bind(id).bind(kind).bind(file_id).fetch_optional(tx).await?)
}

/// Copies a file from one assistant to another.
pub async fn copy_file(tx: &mut Tx, from: &str, file_id: &str, to: &str, new_id: &str, now: i64) -> Result<(), Error> {
    let query = "INSERT INTO assistant_files (id, assistant_id, kind, name, media_type, size, bytes, created_at, pages, blank_pages, words) \
                 SELECT $1, $2, kind, name, media_type, size, bytes, $3, pages, blank_pages, words FROM assistant_files WHERE assistant_id = $4 AND id = $5";
    sql::one_row(&sqlx::query(query).bind(new_id).bind(to).bind(now).bind(from).bind(file_id).execute(tx).await?)
}
