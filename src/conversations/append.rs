//! More messages at the end of a branch.

use sqlx::AssertSqlSafe;
use takeback_transcripts::{Part, Role};

use super::create::{NewMessage, role_name};
use crate::error::Error;
use crate::ids;
use crate::storage::{Tx, sql};

/// Messages stored by one statement.
const CHUNK: usize = 200;
/// So few are stored again and again: their statement is kept.
const FEW: usize = 2;

/// Stores `messages`, each the answer to the one before it and the first to `parent_id` (`None`: as another beginning), and
/// makes the last the end of the current branch; answers their ids. Whoever calls this holds the conversation's row.
pub async fn append<const N: usize>(
    tx: &mut Tx,
    conversation_id: &str,
    parent_id: Option<&str>,
    messages: &[NewMessage; N],
    now: i64,
) -> Result<[String; N], Error> {
    // Imported messages may be dated in the future; order comes from the position.
    let query = "SELECT COALESCE(MAX(position), -1) + 1 FROM messages WHERE conversation_id = $1";
    let position = sqlx::query_scalar(query).bind(conversation_id).fetch_one(&mut *tx).await?;
    let ids = std::array::from_fn(|_| ids::new("msg"));
    insert(tx, conversation_id, parent_id, position, &ids, messages, now).await?;
    sqlx::query("UPDATE conversations SET current_message_id = $1, updated_at = $2 WHERE id = $3")
        .bind(ids.last())
        .bind(now)
        .bind(conversation_id)
        .execute(tx)
        .await?;
    Ok(ids)
}

/// Stores `messages` under these ids as a chain below `parent_id`, the first at this position.
pub(super) async fn insert(
    tx: &mut Tx,
    conversation_id: &str,
    parent_id: Option<&str>,
    mut position: i64,
    ids: &[String],
    messages: &[NewMessage],
    now: i64,
) -> Result<(), Error> {
    let mut parent = parent_id;
    for (ids, messages) in ids.chunks(CHUNK).zip(messages.chunks(CHUNK)) {
        let query = format!(
            "INSERT INTO messages (id, conversation_id, parent_id, position, role, model, hidden, source_id, created_at) VALUES {}",
            sql::rows(messages.len(), 9)
        );
        let mut statement = sqlx::query(AssertSqlSafe(query)).persistent(messages.len() <= FEW);
        for (id, message) in ids.iter().zip(messages) {
            statement = statement
                .bind(id)
                .bind(conversation_id)
                .bind(parent)
                .bind(position)
                .bind(role_name(message.role))
                .bind(message.model.as_deref())
                .bind(i64::from(message.role == Role::System))
                .bind(None::<String>)
                .bind(now);
            parent = Some(id);
            position += 1;
        }
        statement.execute(&mut *tx).await?;

        let query = format!("INSERT INTO message_bodies (message_id, parts) VALUES {}", sql::rows(messages.len(), 2));
        let mut statement = sqlx::query(AssertSqlSafe(query)).persistent(messages.len() <= FEW);
        for (id, message) in ids.iter().zip(messages) {
            statement = statement.bind(id).bind(serde_json::to_string(&message.parts)?);
        }
        statement.execute(&mut *tx).await?;
    }
    Ok(())
}

/// Stores what a message says now.
pub async fn set_parts(tx: &mut Tx, message_id: &str, parts: &[Part]) -> Result<(), Error> {
    let query = "UPDATE message_bodies SET parts = $1 WHERE message_id = $2";
    let done = sqlx::query(query).bind(serde_json::to_string(parts)?).bind(message_id).execute(tx).await?;
    sql::one_row(&done)
}
