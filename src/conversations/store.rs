//! Queries on conversations and their messages, always through the owner.

use std::collections::HashSet;

use super::conversation::Conversation;
use crate::accounts::user::User;
use crate::error::Error;
use crate::storage::Tx;

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
