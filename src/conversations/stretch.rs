//! A page of a branch for programs: in either direction, from a cursor, without what is hidden.

use sqlx::{AssertSqlSafe, Row};

use super::branch::{self, BRANCH, Node};
use crate::api::list::Place;
use crate::error::Error;
use crate::storage::Tx;

/// No branch is longer: so that a circle in the stored tree can't run for ever.
const DEEPEST: i64 = 10_000_000;

/// Up to [`Place::to_fetch`] messages of the branch that ends at `leaf_id`, in the direction in which the place reads.
/// Whoever calls this has loaded the conversation through its owner.
///
/// # Errors
/// As [`Cursor::unknown`](crate::api::list::Cursor::unknown) for a cursor that is no message of it.
pub async fn page(tx: &mut Tx, conversation_id: &str, leaf_id: &str, place: &Place) -> Result<Vec<Node>, Error> {
    if place.reads_ascending() {
        return down(tx, conversation_id, leaf_id, place).await;
    }
    let Some(cursor) = &place.cursor else { return up(tx, conversation_id, Some(leaf_id.to_owned()), place).await };
    let parent = branch::parent(tx, conversation_id, cursor.id()).await.map_err(|error| match error {
        Error::NotFound => cursor.unknown(),
        other => other,
    })?;
    up(tx, conversation_id, parent, place).await
}

/// From a message towards the root: only as far as needed.
async fn up(tx: &mut Tx, conversation_id: &str, mut from: Option<String>, place: &Place) -> Result<Vec<Node>, Error> {
    let wanted = place.limit + 1;
    let mut found = Vec::new();
    while let Some(leaf) = from.take().filter(|_| found.len() < wanted) {
        let nodes = branch::nodes(tx, conversation_id, &leaf, wanted.max(50)).await?;
        from = nodes.first().and_then(|first| first.parent_id.clone());
        found.extend(nodes.into_iter().rev().filter(|node| node.hidden == 0));
    }
    found.truncate(wanted);
    Ok(found)
}

/// From the root, or a message, towards the end: the way is only known from the end, so all of it is walked.
async fn down(tx: &mut Tx, conversation_id: &str, leaf_id: &str, place: &Place) -> Result<Vec<Node>, Error> {
    let mut above = DEEPEST + 1;
    if let Some(cursor) = &place.cursor {
        let query = format!("{BRANCH} SELECT depth FROM branch WHERE id = $4");
        let query = sqlx::query(AssertSqlSafe(query)).bind(conversation_id).bind(leaf_id).bind(DEEPEST).bind(cursor.id());
        let row = query.fetch_optional(&mut *tx).await?.ok_or_else(|| cursor.unknown())?;
        above = row.try_get("depth")?;
    }
    let query = format!(
        "{BRANCH} SELECT id, parent_id, role, model, hidden, created_at FROM branch \
         WHERE hidden = 0 AND depth < $4 ORDER BY depth DESC LIMIT $5"
    );
    let query = sqlx::query_as(AssertSqlSafe(query)).bind(conversation_id).bind(leaf_id).bind(DEEPEST).bind(above).bind(place.to_fetch());
    Ok(query.fetch_all(tx).await?)
}
