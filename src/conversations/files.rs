//! The files of conversations: pictures and attachments, each a row beside what it belongs to.

use crate::error::Error;
use crate::storage::Tx;

/// A file to be stored.
#[derive(Clone, Debug)]
pub struct NewFile<'a> {
    /// `file_…`; nothing of the sender's is in it.
    pub id: &'a str,
    /// As the sender calls it: shown, never a path.
    pub name: &'a str,
    /// What its bytes say it is.
    pub media_type: &'a str,
    /// The bytes.
    pub bytes: &'a [u8],
}

/// Stores a file of a conversation. Whoever calls this holds the conversation's row.
pub async fn insert(tx: &mut Tx, conversation_id: &str, file: &NewFile<'_>, now: i64) -> Result<(), Error> {
    let query = "INSERT INTO files (id, conversation_id, name, media_type, bytes, created_at) VALUES ($1, $2, $3, $4, $5, $6)";
    sqlx::query(query)
        .bind(file.id)
        .bind(conversation_id)
        .bind(file.name)
        .bind(file.media_type)
        .bind(file.bytes.to_vec())
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}
