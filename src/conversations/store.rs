//! Queries on conversations and their messages, always through the owner.

use super::conversation::Conversation;
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
