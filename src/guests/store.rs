//! Queries on guests.

use sqlx::{AssertSqlSafe, Row};

use super::place::{Known, Place};
use crate::accounts::user::{Role, User};
use crate::error::Error;
use crate::storage::{Tx, sql};

/// What a guest is called where a name has to stand. Nobody sees it.
const NAME: &str = "Guest";

/// A guest who has been here.
#[derive(Clone, Debug)]
pub struct Guest {
    /// Who owns their conversation.
    pub user: User,
    /// Their conversation with the assistant.
    pub conversation_id: Option<String>,
}

/// A guest as somebody who can own a conversation.
pub fn user(id: String) -> User {
    User { id, email: String::new(), name: NAME.to_owned(), role: Role::Guest.as_str().to_owned(), share_epoch: 0 }
}

const GUEST: &str = "SELECT g.user_id, (SELECT c.id FROM conversations c WHERE c.owner_id = g.user_id \
                     ORDER BY c.created_at DESC, c.id DESC LIMIT 1) AS conversation_id \
                     FROM guests g JOIN users u ON u.id = g.user_id AND u.role = 'guest' AND u.deleted_at IS NULL";

/// Who tries this assistant.
pub async fn of_editor(tx: &mut Tx, editor_id: &str, assistant_id: &str) -> Result<Option<Guest>, Error> {
    let query = format!("{GUEST} WHERE g.editor_id = $1 AND g.assistant_id = $2");
    let found = sqlx::query(AssertSqlSafe(query)).bind(editor_id).bind(assistant_id).fetch_optional(tx).await?;
    found.map(|row| Ok(Guest { user: user(row.try_get("user_id")?), conversation_id: row.try_get("conversation_id")? })).transpose()
}

/// The guest of this link with this cookie.
pub async fn of_link(tx: &mut Tx, link_id: &str, token_hash: &[u8]) -> Result<Option<Guest>, Error> {
    let query = format!("{GUEST} WHERE g.token_hash = $1 AND g.link_id = $2");
    let found = sqlx::query(AssertSqlSafe(query)).bind(token_hash.to_vec()).bind(link_id).fetch_optional(tx).await?;
    found.map(|row| Ok(Guest { user: user(row.try_get("user_id")?), conversation_id: row.try_get("conversation_id")? })).transpose()
}

/// A guest's first message makes them.
///
/// # Errors
/// [`Error::Busy`] if somebody is known by the same already.
pub async fn insert(tx: &mut Tx, guest: &User, place: &Place, assistant_id: &str, now: i64) -> Result<(), Error> {
    let query = "INSERT INTO users (id, email, email_key, name, password_hash, role, share_epoch, created_at, disabled_at, deleted_at) \
                 VALUES ($1, '', NULL, $2, '', $3, 0, $4, NULL, NULL)";
    sqlx::query(query).bind(&guest.id).bind(&guest.name).bind(&guest.role).bind(now).execute(&mut *tx).await?;
    let (token_hash, editor_id) = match &place.known {
        Known::Editor(id) => (None, Some(id)),
        Known::Browser(hash) => (Some(hash.clone()), None),
        Known::Member => return Err(Error::Internal("a member is no guest".to_owned())),
    };
    let query = "INSERT INTO guests (user_id, token_hash, assistant_id, link_id, editor_id, created_at, last_used_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT DO NOTHING";
    let done = sqlx::query(query)
        .bind(&guest.id)
        .bind(token_hash)
        .bind(assistant_id)
        .bind(place.link_id().unwrap_or_default())
        .bind(editor_id)
        .bind(now)
        .execute(tx)
        .await?;
    sql::one_row(&done).map_err(|_| Error::Busy("This chat has just begun in another window. Send it again.".to_owned()))
}

/// The guest is here.
///
/// # Errors
/// [`Error::NotFound`] if they were removed meanwhile.
pub async fn touch(tx: &mut Tx, guest_id: &str, now: i64) -> Result<(), Error> {
    let query = "UPDATE guests SET last_used_at = $1 WHERE user_id = $2 \
                 AND EXISTS (SELECT 1 FROM users u WHERE u.id = guests.user_id AND u.deleted_at IS NULL)";
    sql::one_row(&sqlx::query(query).bind(now).bind(guest_id).execute(tx).await?)
}

/// Nobody finds this guest any more, from the commit on; what they still own goes with the next sweep.
pub async fn forget(tx: &mut Tx, guest_id: &str, now: i64) -> Result<(), Error> {
    sqlx::query("DELETE FROM guests WHERE user_id = $1").bind(guest_id).execute(&mut *tx).await?;
    let query = "UPDATE users SET deleted_at = $1 WHERE id = $2 AND role = 'guest' AND deleted_at IS NULL";
    sql::one_row(&sqlx::query(query).bind(now).bind(guest_id).execute(tx).await?)
}
