//! Making a conversation from messages that stand in one line, each the answer to the one before it.

use takeback_transcripts::{Part, Role};

use super::append;
use crate::answers;
use crate::error::Error;
use crate::ids;
use crate::search::index;
use crate::storage::Tx;

/// A conversation to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewConversation<'a> {
    /// Its title.
    pub title: &'a str,
    /// Where it comes from, if not from this server's own chat.
    pub source: Option<&'a str>,
    /// Its id there; a second one with the same is refused by the database.
    pub source_id: Option<&'a str>,
    /// In order.
    pub messages: &'a [NewMessage],
}

/// A message to be made.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// Who speaks. What `system` says is kept, and not shown.
    pub role: Role,
    /// The model that answered.
    pub model: Option<String>,
    /// What it says.
    pub parts: Vec<Part>,
    /// An answer whose model was not done.
    pub incomplete: bool,
}

/// Stores the conversation, and leaves it to the index; answers its id.
pub async fn insert(tx: &mut Tx, owner_id: &str, new: &NewConversation<'_>, now: i64) -> Result<String, Error> {
    let id = ids::new("conv");
    let message_ids: Vec<String> = new.messages.iter().map(|_| ids::new("msg")).collect();
    sqlx::query(
        "INSERT INTO conversations (id, owner_id, title, title_key, source, source_id, current_message_id, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)",
    )
    .bind(&id)
    .bind(owner_id)
    .bind(new.title)
    .bind(new.title.to_lowercase())
    .bind(new.source)
    .bind(new.source_id)
    .bind(message_ids.last())
    .bind(now)
    .execute(&mut *tx)
    .await?;

    append::insert(tx, &id, None, 0, &message_ids, new.messages, now).await?;
    for (message_id, _) in message_ids.iter().zip(new.messages).filter(|(_, message)| message.incomplete) {
        answers::store::insert_incomplete(tx, &id, message_id, now).await?;
    }
    index::enqueue(tx, &id, now).await?;
    Ok(id)
}

/// A role as it is stored.
pub fn role_name(role: Role) -> &'static str {
    match role {
        Role::System => "system",
        Role::User => "user",
        Role::Assistant => "assistant",
        Role::Tool => "tool",
    }
}
