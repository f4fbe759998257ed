//! Other branches: which messages stand beside one, and where a branch ends.

use sqlx::{AssertSqlSafe, FromRow};

use crate::error::Error;
use crate::storage::{Tx, sql};

/// Messages asked about by one query.
const CHUNK: usize = 200;

/// A message's place among the messages that answer the same one.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Place {
    /// The message.
    pub id: String,
    /// From 1.
    pub place: i64,
    /// How many there are.
    pub total: i64,
    /// The one before it.
    pub previous: Option<String>,
    /// The one after it.
    pub next: Option<String>,
}

/// The places of those among `messages` (id and parent) that have siblings, oldest sibling first.
pub async fn places(tx: &mut Tx, conversation_id: &str, messages: &[(&str, Option<&str>)]) -> Result<Vec<Place>, Error> {
    let mut places = Vec::new();
    for chunk in messages.chunks(CHUNK) {
        let ids: Vec<&str> = chunk.iter().map(|(id, _)| *id).collect();
        let parents: Vec<&str> = chunk.iter().filter_map(|(_, parent)| *parent).collect();
        if !parents.is_empty() {
            let below = format!("parent_id IN ({})", sql::placeholders(2, parents.len()));
            places.extend(ranked(tx, conversation_id, &below, &parents, &ids).await?);
        }
        if parents.len() < ids.len() {
            places.extend(ranked(tx, conversation_id, "parent_id IS NULL", &[], &ids).await?);
        }
    }
    Ok(places)
}

async fn ranked(tx: &mut Tx, conversation_id: &str, below: &str, parents: &[&str], ids: &[&str]) -> Result<Vec<Place>, Error> {
    let query = format!(
        "SELECT id, place, total, previous, next FROM ( \
           SELECT id, ROW_NUMBER() OVER w AS place, COUNT(*) OVER (PARTITION BY parent_id) AS total, \
                  LAG(id) OVER w AS previous, LEAD(id) OVER w AS next \
           FROM messages WHERE conversation_id = $1 AND {below} \
           WINDOW w AS (PARTITION BY parent_id ORDER BY position) \
         ) siblings WHERE total > 1 AND id IN ({})",
        sql::placeholders(2 + parents.len(), ids.len())
    );
    let mut statement = sqlx::query_as(AssertSqlSafe(query)).persistent(false).bind(conversation_id);
    for value in parents.iter().chain(ids) {
        statement = statement.bind((*value).to_owned());
    }
    Ok(statement.fetch_all(tx).await?)
}

/// The newest leaf below a message, or the message itself.
///
/// # Errors
/// [`Error::NotFound`] if the conversation has no such message.
pub async fn newest_leaf(tx: &mut Tx, conversation_id: &str, message_id: &str) -> Result<String, Error> {
    // UNION drops what was seen before, so a circle in the stored tree ends.
    let query = "WITH RECURSIVE below (id) AS ( \
             SELECT id FROM messages WHERE conversation_id = $1 AND id = $2 \
             UNION \
             SELECT m.id FROM below b JOIN messages m ON m.conversation_id = $1 AND m.parent_id = b.id \
         ) SELECT m.id FROM below b JOIN messages m ON m.id = b.id \
           WHERE NOT EXISTS (SELECT 1 FROM messages c WHERE c.conversation_id = $1 AND c.parent_id = m.id) \
           ORDER BY m.created_at DESC, m.position DESC LIMIT 1";
    sqlx::query_scalar(query).bind(conversation_id).bind(message_id).fetch_optional(tx).await?.ok_or(Error::NotFound)
}
