//! What a conversation is, in memory.

/// A conversation as its owner sees it, without its messages.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Conversation {
    /// `conv_…`
    pub id: String,
    /// Given by the owner, the source, or the first message.
    pub title: String,
    /// The leaf of the current branch; `None` while there is no message.
    pub current_message_id: Option<String>,
    /// Unix microseconds.
    pub created_at: i64,
    /// Unix microseconds; the time of the last message.
    pub updated_at: i64,
}
