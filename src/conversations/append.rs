//! One more message below another one.

use takeback_transcripts::Part;

use super::create::{NewMessage, role_name};
use crate::error::Error;
use crate::ids;
use crate::storage::Tx;

/// Stores `message` as the newest answer to `parent_id` (`None`: as another beginning) and makes it the end of the
/// current branch; answers its id. Whoever calls this holds the conversation's row.
pub async fn append(tx: &mut Tx, conversation_id: &str, parent_id: Option<&str>, message: &NewMessage, now: i64) -> Result<String, Error> {
    let id = ids::new("msg");
    // Imported messages may be dated in the future; order comes from the position.
    sqlx::query(
        "INSERT INTO messages (id, conversation_id, parent_id, position, role, model, hidden, source_id, created_at) \
         SELECT $1, $2, $3, COALESCE(MAX(position), -1) + 1, $4, $5, 0, NULL, $6 FROM messages WHERE conversation_id = $2",
    )
    .bind(&id)
    .bind(conversation_id)
    .bind(parent_id)
    .bind(role_name(message.role))
    .bind(message.model.as_deref())
    .bind(now)
    .execute(&mut *tx)
    .await?;
    set_parts(tx, &id, &message.parts, true).await?;
    sqlx::query("UPDATE conversations SET current_message_id = $1, updated_at = $2 WHERE id = $3")
        .bind(&id)
        .bind(now)
        .bind(conversation_id)
        .execute(tx)
        .await?;
    Ok(id)
}

/// Stores what a message says.
pub async fn set_parts(tx: &mut Tx, message_id: &str, parts: &[Part], new: bool) -> Result<(), Error> {
    let query = if new {
        "INSERT INTO message_bodies (parts, message_id) VALUES ($1, $2)"
    } else {
        "UPDATE message_bodies SET parts = $1 WHERE message_id = $2"
    };
    let done = sqlx::query(query).bind(serde_json::to_string(parts)?).bind(message_id).execute(tx).await?;
    crate::storage::sql::one_row(&done)
}
