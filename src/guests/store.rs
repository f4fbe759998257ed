//! Queries on guests.

use sqlx::Row;

use super::place::Known;
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

/// The guest of this assistant who is known so.
pub async fn find(tx: &mut Tx, known: &Known, assistant_id: &str) -> Result<Option<Guest>, Error> {
    const GUEST: &str = "SELECT g.user_id, (SELECT c.id FROM conversations c WHERE c.owner_id = g.user_id \
                         ORDER BY c.created_at DESC, c.id DESC LIMIT 1) AS conversation_id \
                         FROM guests g JOIN users u ON u.id = g.user_id AND u.role = 'guest' AND u.deleted_at IS NULL \
                         WHERE g.assistant_id = $1 AND ";
    let found = match known {
        Known::Editor(editor_id) => {
            sqlx::query(sqlx::AssertSqlSafe(format!("{GUEST}g.editor_id = $2")))
                .bind(assistant_id)
                .bind(editor_id)
                .fetch_optional(tx)
                .await?
        }
    };
    found.map(|row| Ok(Guest { user: user(row.try_get("user_id")?), conversation_id: row.try_get("conversation_id")? })).transpose()
}

/// By what this guest is known, and of which assistant they are.
pub async fn known(tx: &mut Tx, guest_id: &str) -> Result<(Known, String), Error> {
    let query = "SELECT assistant_id, editor_id FROM guests WHERE user_id = $1";
    let row = sqlx::query(query).bind(guest_id).fetch_optional(tx).await?.ok_or(Error::NotFound)?;
    let editor_id: Option<String> = row.try_get("editor_id")?;
    Ok((Known::Editor(editor_id.ok_or(Error::NotFound)?), row.try_get("assistant_id")?))
}

/// A guest's first message makes them.
///
/// # Errors
/// [`Error::Busy`] if somebody is known by the same already.
pub async fn insert(tx: &mut Tx, guest: &User, known: &Known, assistant_id: &str, now: i64) -> Result<(), Error> {
    let query = "INSERT INTO users (id, email, email_key, name, password_hash, role, share_epoch, created_at, disabled_at, deleted_at) \
                 VALUES ($1, '', NULL, $2, '', $3, 0, $4, NULL, NULL)";
    sqlx::query(query).bind(&guest.id).bind(&guest.name).bind(&guest.role).bind(now).execute(&mut *tx).await?;
    let Known::Editor(editor_id) = known;
    let query = "INSERT INTO guests (user_id, token_hash, assistant_id, link_id, editor_id, created_at, last_used_at) \
                 VALUES ($1, NULL, $2, '', $3, $4, $4) ON CONFLICT DO NOTHING";
    let done = sqlx::query(query).bind(&guest.id).bind(assistant_id).bind(editor_id).bind(now).execute(tx).await?;
    sql::one_row(&done).map_err(|_| Error::Busy("This chat has just begun in another window. Send it again.".to_owned()))
}

/// The guest is here.
pub async fn touch(tx: &mut Tx, guest_id: &str, now: i64) -> Result<(), Error> {
    sqlx::query("UPDATE guests SET last_used_at = $1 WHERE user_id = $2").bind(now).bind(guest_id).execute(tx).await?;
    Ok(())
}
