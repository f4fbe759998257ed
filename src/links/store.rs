//! Queries on links; the gate has its own, lists are in `lists.rs`, and `views.rs` and `report.rs` have one or two each.
//!
//! A link of its owner is open while it carries the owner's share epoch; one that doesn't was taken back by delete
//! all and only waits to be removed. So each query here says `share_epoch`, or joins `users` for it.

use std::collections::HashSet;

use sqlx::{AssertSqlSafe, Row};

use super::bare::bare;
use super::link::{Link, PAUSED};
use super::snapshot::Cut;
use crate::accounts::user::User;
use crate::error::Error;
use crate::storage::{Tx, sql};

pub(super) const COLUMNS: &str = "l.id, l.target_type, l.target_id, l.revision, l.message_count, l.last_message_id, l.title, l.author, l.views, l.last_viewed_at, \
                       l.copies, l.created_at, l.updated_at, l.expires_at, l.access, l.allow_continue, l.password_hash, l.max_views, l.lock_key";
pub(super) const OF_OWNER: &str = "links l JOIN users u ON u.id = l.owner_id AND u.share_epoch = l.share_epoch WHERE l.owner_id = $1";

/// One link, through its owner.
pub async fn owned(tx: &mut Tx, owner_id: &str, link_id: &str) -> Result<Link, Error> {
    let query = format!("SELECT {COLUMNS} FROM {OF_OWNER} AND l.id = $2");
    let link = sqlx::query_as(AssertSqlSafe(query)).bind(owner_id).bind(link_id).fetch_optional(tx).await?;
    link.ok_or(Error::NotFound)
}

/// The same, holding the row until the transaction ends: what is read now is still so when it is changed.
pub async fn lock_owned(tx: &mut Tx, owner_id: &str, link_id: &str) -> Result<Link, Error> {
    let query = "UPDATE links SET updated_at = updated_at WHERE owner_id = $1 AND id = $2";
    sqlx::query(query).bind(owner_id).bind(link_id).execute(&mut *tx).await?;
    owned(tx, owner_id, link_id).await
}

/// The links of one conversation or assistant, newest first.
pub async fn of_target(tx: &mut Tx, owner_id: &str, target_id: &str) -> Result<Vec<Link>, Error> {
    let query = format!("SELECT {COLUMNS} FROM {OF_OWNER} AND l.target_id = $2 ORDER BY l.created_at DESC, l.id DESC");
    Ok(sqlx::query_as(AssertSqlSafe(query)).bind(owner_id).bind(target_id).fetch_all(tx).await?)
}

/// Whose link this is, for the command line on the database itself.
pub async fn owner_of(tx: &mut Tx, link_id: &str) -> Result<Option<User>, Error> {
    let query = "SELECT u.id, u.email, u.name, u.role, u.share_epoch FROM users u JOIN links l ON l.owner_id = u.id WHERE l.id = $1";
    Ok(sqlx::query_as(query).bind(link_id).fetch_optional(tx).await?)
}

/// A new link; that of an assistant has no snapshot.
pub async fn insert_link(tx: &mut Tx, owner_id: &str, share_epoch: i64, snapshot_id: &str, link: &Link) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO links (id, owner_id, share_epoch, target_type, target_id, snapshot_id, revision, message_count, last_message_id, \
         title, title_key, author, allow_continue, access, expires_at, views, last_viewed_at, copies, created_at, updated_at, \
         password_hash, max_views, lock_key) \
         VALUES ($1, $2, $3, $14, $4, $5, $6, $7, $8, $9, $10, $11, $15, 'anyone', $13, 0, 0, 0, $12, $12, $16, $17, $18)",
    )
    .bind(&link.id)
    .bind(owner_id)
    .bind(share_epoch)
    .bind(&link.target_id)
    .bind(snapshot_id)
    .bind(link.revision)
    .bind(link.message_count)
    .bind(&link.last_message_id)
    .bind(&link.title)
    .bind(link.title.to_lowercase())
    .bind(link.author.as_str())
    .bind(link.created_at)
    .bind(link.expires_at)
    .bind(link.target_type.as_str())
    .bind(i64::from(link.allow_continue))
    .bind(link.lock.as_ref().and_then(|lock| lock.password_hash.clone()))
    .bind(link.max_views())
    .bind(link.lock.as_ref().map(|lock| lock.key().to_owned()))
    .execute(tx)
    .await?;
    Ok(())
}

/// The snapshot and copies of the files that it shows, each under the id that it has there.
pub async fn insert_snapshot(tx: &mut Tx, id: &str, link_id: &str, conversation_id: &str, cut: &Cut, now: i64) -> Result<(), Error> {
    sqlx::query("INSERT INTO snapshots (id, link_id, body, created_at) VALUES ($1, $2, $3, $4)")
        .bind(id)
        .bind(link_id)
        .bind(serde_json::to_string(&cut.body)?)
        .bind(now)
        .execute(&mut *tx)
        .await?;
    for (from, to) in &cut.files {
        copy_into_snapshot(tx, conversation_id, from, id, to).await?;
    }
    Ok(())
}

/// A picture that the export named but did not contain has no file, and one that can't be made bare gets none; the page
/// shows its placeholder.
async fn copy_into_snapshot(tx: &mut Tx, conversation_id: &str, from: &str, snapshot_id: &str, to: &str) -> Result<(), Error> {
    let query = "SELECT media_type, bytes FROM files WHERE id = $1 AND conversation_id = $2";
    let file: Option<(String, Vec<u8>)> = sqlx::query_as(query).bind(from).bind(conversation_id).fetch_optional(&mut *tx).await?;
    let Some((media_type, bytes)) = file else { return Ok(()) };
    let Some(bytes) = bare(&bytes) else { return Ok(()) };
    // Its name would go to whoever continues the conversation, and may tell who made it.
    let name = "picture";
    sqlx::query("INSERT INTO snapshot_files (snapshot_id, file_id, name, media_type, bytes) VALUES ($1, $2, $3, $4, $5)")
        .bind(snapshot_id)
        .bind(to)
        .bind(name)
        .bind(media_type)
        .bind(bytes)
        .execute(tx)
        .await?;
    Ok(())
}

/// A snapshot's JSON.
pub async fn snapshot_body(tx: &mut Tx, snapshot_id: &str) -> Result<Option<String>, Error> {
    let row = sqlx::query("SELECT body FROM snapshots WHERE id = $1").bind(snapshot_id).fetch_optional(tx).await?;
    Ok(row.map(|row| row.try_get("body")).transpose()?)
}

/// A file that a snapshot shows: media type and bytes.
pub async fn snapshot_file(tx: &mut Tx, snapshot_id: &str, file_id: &str) -> Result<Option<(String, Vec<u8>)>, Error> {
    let query = "SELECT media_type, bytes FROM snapshot_files WHERE snapshot_id = $1 AND file_id = $2";
    Ok(sqlx::query_as(query).bind(snapshot_id).bind(file_id).fetch_optional(tx).await?)
}

/// The ids of the files that a snapshot has.
pub async fn snapshot_file_ids(tx: &mut Tx, snapshot_id: &str) -> Result<HashSet<String>, Error> {
    let ids = sqlx::query_scalar("SELECT file_id FROM snapshot_files WHERE snapshot_id = $1").bind(snapshot_id).fetch_all(tx).await?;
    Ok(ids.into_iter().collect())
}

/// Copies a file of a snapshot into a conversation. A picture that the snapshot has no bytes of stays a placeholder.
pub async fn copy_file(tx: &mut Tx, snapshot_id: &str, file_id: &str, conversation_id: &str, new_id: &str, now: i64) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO files (id, conversation_id, name, media_type, bytes, created_at) \
         SELECT $1, $2, name, media_type, bytes, $3 FROM snapshot_files WHERE snapshot_id = $4 AND file_id = $5",
    )
    .bind(new_id)
    .bind(conversation_id)
    .bind(now)
    .bind(snapshot_id)
    .bind(file_id)
    .execute(tx)
    .await?;
    Ok(())
}

/// Points the link at a new snapshot.
pub async fn set_revision(tx: &mut Tx, owner_id: &str, link: &Link, snapshot_id: &str) -> Result<(), Error> {
    let done = sqlx::query(
        "UPDATE links SET snapshot_id = $1, revision = $2, message_count = $3, last_message_id = $4, updated_at = $5 WHERE id = $6 AND owner_id = $7",
    )
    .bind(snapshot_id)
    .bind(link.revision)
    .bind(link.message_count)
    .bind(&link.last_message_id)
    .bind(link.updated_at)
    .bind(&link.id)
    .bind(owner_id)
    .execute(tx)
    .await?;
    sql::one_row(&done)
}

/// Removes the snapshots that no longer show.
pub async fn delete_snapshots_but(tx: &mut Tx, link_id: &str, snapshot_id: &str) -> Result<(), Error> {
    sqlx::query("DELETE FROM snapshots WHERE link_id = $1 AND id <> $2").bind(link_id).bind(snapshot_id).execute(tx).await?;
    Ok(())
}

/// Title, author, and whether it can be continued.
pub async fn set_face(tx: &mut Tx, owner_id: &str, link: &Link) -> Result<(), Error> {
    let query =
        "UPDATE links SET title = $1, title_key = $2, author = $3, updated_at = $4, allow_continue = $7 WHERE id = $5 AND owner_id = $6";
    let done = sqlx::query(query)
        .bind(&link.title)
        .bind(link.title.to_lowercase())
        .bind(link.author.as_str())
        .bind(link.updated_at)
        .bind(&link.id)
        .bind(owner_id)
        .bind(i64::from(link.allow_continue))
        .execute(tx)
        .await?;
    sql::one_row(&done)
}

/// Its lock. That its views were used up is forgotten unless they still are, so that their next end is written down again.
pub async fn set_lock(tx: &mut Tx, owner_id: &str, link: &Link, now: i64) -> Result<(), Error> {
    let query = "UPDATE links SET password_hash = $1, max_views = $2, lock_key = $3, \
                 expired_at = CASE WHEN expires_at <= $4 OR views >= $2 THEN expired_at ELSE NULL END WHERE id = $5 AND owner_id = $6";
    let done = sqlx::query(query)
        .bind(link.lock.as_ref().and_then(|lock| lock.password_hash.clone()))
        .bind(link.max_views())
        .bind(link.lock.as_ref().map(|lock| lock.key().to_owned()))
        .bind(now)
        .bind(&link.id)
        .bind(owner_id)
        .execute(tx)
        .await?;
    sql::one_row(&done)
}

/// Counts a view of a link that can be opened only so often. It asks all that the gate asks, so of many who come for the
/// last one, one gets it; answers whether that was the last.
///
/// # Errors
/// [`Error::Gone`] if it can't be opened any more, or not with this lock.
pub async fn take_view(tx: &mut Tx, link_id: &str, lock_key: &str, now: i64) -> Result<bool, Error> {
    let query = "UPDATE links SET views = views + 1, last_viewed_at = $1, expired_at = CASE WHEN views + 1 >= max_views THEN $1 ELSE expired_at END \
                 WHERE id = $2 AND lock_key = $3 AND views < max_views AND access = 'anyone' AND (expires_at IS NULL OR expires_at > $1) \
                   AND share_epoch = (SELECT u.share_epoch FROM users u WHERE u.id = links.owner_id AND u.disabled_at IS NULL AND u.deleted_at IS NULL) \
                 RETURNING CASE WHEN views >= max_views THEN 1 ELSE 0 END";
    let last: Option<i64> = sqlx::query_scalar(query).bind(now).bind(link_id).bind(lock_key).fetch_optional(tx).await?;
    Ok(last.ok_or(Error::Gone)? == 1)
}

/// When it ends by itself. That its time had come is forgotten, so that its next end is written down again.
pub async fn set_expiry(tx: &mut Tx, owner_id: &str, link: &Link) -> Result<(), Error> {
    let query = "UPDATE links SET expires_at = $1, expired_at = CASE WHEN views >= max_views THEN expired_at ELSE NULL END WHERE id = $2 AND owner_id = $3";
    sql::one_row(&sqlx::query(query).bind(link.expires_at).bind(&link.id).bind(owner_id).execute(tx).await?)
}

/// Of the links whose time has come and of whom that is not written down: those that are not dead otherwise.
const EXPIRED: &str = "SELECT l.id FROM links l JOIN users u ON u.id = l.owner_id AND u.share_epoch = l.share_epoch AND u.deleted_at IS NULL \
                       WHERE l.expires_at IS NOT NULL AND l.expired_at IS NULL AND l.expires_at <= $1 ORDER BY l.expires_at, l.id";

/// Whether there is one.
pub async fn any_expired(tx: &mut Tx, now: i64) -> Result<bool, Error> {
    Ok(sqlx::query(AssertSqlSafe(format!("{EXPIRED} LIMIT 1"))).bind(now).fetch_optional(tx).await?.is_some())
}

/// Writes up to `limit` of them down; answers their ids and their owners'. Each is answered to one caller alone.
pub async fn mark_expired(tx: &mut Tx, now: i64, limit: i64) -> Result<Vec<(String, String)>, Error> {
    let query = format!(
        "UPDATE links SET expired_at = $1 WHERE expired_at IS NULL AND expires_at <= $1 AND id IN ({EXPIRED} LIMIT $2) RETURNING id, owner_id"
    );
    Ok(sqlx::query_as(AssertSqlSafe(query)).bind(now).bind(limit).fetch_all(tx).await?)
}

/// Pauses a link or resumes it, at the same address.
pub async fn set_paused(tx: &mut Tx, owner_id: &str, link: &Link) -> Result<(), Error> {
    let query = "UPDATE links SET access = $1, updated_at = $2 WHERE id = $3 AND owner_id = $4";
    let access = if link.paused { PAUSED } else { "anyone" };
    sql::one_row(&sqlx::query(query).bind(access).bind(link.updated_at).bind(&link.id).bind(owner_id).execute(tx).await?)
}

/// An assistant's links are called as it is. Called when another version is published.
pub async fn rename_of_assistant(tx: &mut Tx, assistant_id: &str, name: &str) -> Result<(), Error> {
    let query = "UPDATE links SET title = $1, title_key = $2 WHERE target_id = $3 AND target_type = 'assistant'";
    sqlx::query(query).bind(name).bind(name.to_lowercase()).bind(assistant_id).execute(tx).await?;
    Ok(())
}

/// Holds a link to an assistant until the transaction ends, and asks all that the gate asks. Whoever calls this holds the
/// owner's share epoch.
///
/// # Errors
/// [`Error::Gone`] if it was closed since the gate was asked.
pub async fn hold_open(tx: &mut Tx, link_id: &str, now: i64) -> Result<(), Error> {
    let query = "UPDATE links SET views = views \
                 WHERE id = $1 AND target_type = 'assistant' AND access = 'anyone' AND (expires_at IS NULL OR expires_at > $2) \
                   AND share_epoch = (SELECT u.share_epoch FROM users u WHERE u.id = links.owner_id AND u.disabled_at IS NULL AND u.deleted_at IS NULL)";
    sql::one_row(&sqlx::query(query).bind(link_id).bind(now).execute(tx).await?).map_err(|_| Error::Gone)
}

/// Counts a copy, and holds the link until the copy is committed; answers the snapshot that shows now. It asks all
/// that the gate asks: what was closed since then has no row to count on.
pub async fn count_copy(tx: &mut Tx, link_id: &str, lock_key: Option<&str>, now: i64) -> Result<String, Error> {
    let query = "UPDATE links SET copies = copies + 1 \
                 WHERE id = $1 AND COALESCE(lock_key, '') = $3 AND access = 'anyone' AND allow_continue = 1 \
                   AND (expires_at IS NULL OR expires_at > $2) \
                   AND share_epoch = (SELECT u.share_epoch FROM users u WHERE u.id = links.owner_id AND u.disabled_at IS NULL AND u.deleted_at IS NULL) \
                 RETURNING snapshot_id";
    let found = sqlx::query_scalar(query).bind(link_id).bind(now).bind(lock_key.unwrap_or_default()).fetch_optional(tx).await?;
    found.ok_or(Error::Gone)
}

/// Ends one link. Called by revoke.rs alone, like the next one.
pub async fn delete(tx: &mut Tx, owner_id: &str, link_id: &str) -> Result<(), Error> {
    let done = sqlx::query("DELETE FROM links WHERE id = $1 AND owner_id = $2").bind(link_id).bind(owner_id).execute(tx).await?;
    sql::one_row(&done)
}

/// Ends the links of one conversation or assistant; answers their ids.
pub async fn delete_of_target(tx: &mut Tx, owner_id: &str, target_id: &str) -> Result<Vec<String>, Error> {
    let query = "DELETE FROM links WHERE owner_id = $1 AND target_id = $2 RETURNING id";
    let rows = sqlx::query(query).bind(owner_id).bind(target_id).fetch_all(tx).await?;
    rows.iter().map(|row| Ok(row.try_get("id")?)).collect()
}

/// How many links carry this epoch.
pub async fn count_of_epoch(tx: &mut Tx, owner_id: &str, share_epoch: i64) -> Result<i64, Error> {
    let query = "SELECT COUNT(*) FROM links WHERE owner_id = $1 AND share_epoch = $2";
    Ok(sqlx::query_scalar(query).bind(owner_id).bind(share_epoch).fetch_one(tx).await?)
}

/// Removes up to `limit` rows of links that were ended by the owner's epoch; answers how many.
pub async fn purge(tx: &mut Tx, owner_id: &str, limit: i64) -> Result<u64, Error> {
    let query = "DELETE FROM links WHERE id IN (SELECT l.id FROM links l JOIN users u ON u.id = l.owner_id \
                 WHERE l.owner_id = $1 AND l.share_epoch < u.share_epoch LIMIT $2)";
    Ok(sqlx::query(query).bind(owner_id).bind(limit).execute(tx).await?.rows_affected())
}
