//! One branch of a conversation: the path from a message up to the root, in reading order.

use std::collections::HashMap;

use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, FromRow, Row};
use takeback_transcripts::{Part, Role};

use crate::error::Error;
use crate::storage::{Tx, sql};

/// Bodies fetched by one query.
const CHUNK: usize = 500;

/// A branch from its leaf $2 up, in the conversation $1, with each message's distance from the leaf. The depth, $3 at the most,
/// bounds the recursion too, so a circle in the stored tree can't run for ever.
pub(super) const BRANCH: &str = "WITH RECURSIVE branch (id, parent_id, role, model, hidden, created_at, depth) AS ( \
         SELECT id, parent_id, role, model, hidden, created_at, CAST(1 AS BIGINT) FROM messages WHERE conversation_id = $1 AND id = $2 \
         UNION ALL \
         SELECT m.id, m.parent_id, m.role, m.model, m.hidden, m.created_at, b.depth + 1 \
         FROM branch b JOIN messages m ON m.id = b.parent_id AND m.conversation_id = $1 WHERE b.depth < $3 \
     )";

/// A message's place in the tree, without what it says.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Node {
    /// `msg_…`
    pub id: String,
    /// The message before it on its branch.
    pub parent_id: Option<String>,
    /// `system`, `user`, `assistant` or `tool`.
    pub role: String,
    /// The model that answered.
    pub model: Option<String>,
    /// 1: kept, but never shown.
    pub hidden: i64,
    /// Unix microseconds.
    pub created_at: i64,
}

/// A message with what it says.
#[derive(Clone, Debug)]
pub struct Message {
    /// `msg_…`
    pub id: String,
    /// The message before it on its branch.
    pub parent_id: Option<String>,
    /// Who speaks.
    pub role: Role,
    /// The model that answered.
    pub model: Option<String>,
    /// Kept, but never shown.
    pub hidden: bool,
    /// Unix microseconds.
    pub created_at: i64,
    /// What it says.
    pub parts: Vec<Part>,
}

/// The last `limit` messages of the branch that ends at `leaf_id`, in reading order, without what they say.
///
/// # Errors
/// [`Error::NotFound`] if the conversation has no such message.
pub async fn nodes(tx: &mut Tx, conversation_id: &str, leaf_id: &str, limit: usize) -> Result<Vec<Node>, Error> {
    let query = format!("{BRANCH} SELECT id, parent_id, role, model, hidden, created_at FROM branch ORDER BY depth DESC");
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let nodes: Vec<Node> = sqlx::query_as(AssertSqlSafe(query)).bind(conversation_id).bind(leaf_id).bind(limit).fetch_all(tx).await?;
    if nodes.is_empty() { Err(Error::NotFound) } else { Ok(nodes) }
}

/// The message before this one on its branch.
///
/// # Errors
/// [`Error::NotFound`] if the conversation has no such message.
pub async fn parent(tx: &mut Tx, conversation_id: &str, message_id: &str) -> Result<Option<String>, Error> {
    let query = "SELECT parent_id FROM messages WHERE conversation_id = $1 AND id = $2";
    sqlx::query_scalar(query).bind(conversation_id).bind(message_id).fetch_optional(tx).await?.ok_or(Error::NotFound)
}

/// The last `limit` messages with what they say.
///
/// # Errors
/// As [`nodes`], and [`Error::NotFound`] if a message has no body.
pub async fn load(tx: &mut Tx, conversation_id: &str, leaf_id: &str, limit: usize) -> Result<Vec<Message>, Error> {
    let query =
        format!("{BRANCH} SELECT branch.*, b.parts FROM branch LEFT JOIN message_bodies b ON b.message_id = branch.id ORDER BY depth DESC");
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = sqlx::query(AssertSqlSafe(query)).bind(conversation_id).bind(leaf_id).bind(limit).fetch_all(tx).await?;
    if rows.is_empty() {
        return Err(Error::NotFound);
    }
    let message = |row: &AnyRow| {
        let parts: Option<String> = row.try_get("parts")?;
        message(Node::from_row(row)?, &parts.ok_or(Error::NotFound)?)
    };
    rows.iter().map(message).collect()
}

/// Adds what the messages say. Whoever calls this got the nodes through the conversation.
///
/// # Errors
/// [`Error::NotFound`] if a message has no body.
pub async fn with_bodies(tx: &mut Tx, nodes: Vec<Node>) -> Result<Vec<Message>, Error> {
    let mut bodies = bodies(tx, nodes.iter().map(|node| node.id.as_str())).await?;
    nodes
        .into_iter()
        .map(|node| {
            let parts = bodies.remove(&node.id).ok_or(Error::NotFound)?;
            message(node, &parts)
        })
        .collect()
}

fn message(node: Node, parts: &str) -> Result<Message, Error> {
    Ok(Message {
        parts: serde_json::from_str(parts)?,
        role: role(&node.role),
        id: node.id,
        parent_id: node.parent_id,
        model: node.model,
        hidden: node.hidden != 0,
        created_at: node.created_at,
    })
}

async fn bodies(tx: &mut Tx, ids: impl Iterator<Item = &str>) -> Result<HashMap<String, String>, Error> {
    let ids: Vec<&str> = ids.collect();
    let mut bodies = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        let query = format!("SELECT message_id, parts FROM message_bodies WHERE message_id IN ({})", sql::placeholders(1, chunk.len()));
        let mut statement = sqlx::query(AssertSqlSafe(query)).persistent(false);
        for id in chunk {
            statement = statement.bind((*id).to_owned());
        }
        for row in statement.fetch_all(&mut *tx).await? {
            bodies.insert(row.try_get("message_id")?, row.try_get("parts")?);
        }
    }
    Ok(bodies)
}

/// A role as it is stored; one that this version doesn't know is shown to nobody, like a system message.
pub fn role(text: &str) -> Role {
    match text {
        "user" => Role::User,
        "assistant" => Role::Assistant,
        "tool" => Role::Tool,
        _ => Role::System,
    }
}
