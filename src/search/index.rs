//! Getting what was said into the index.

use sqlx::AssertSqlSafe;

use crate::app::App;
use crate::error::Error;
use crate::ids;
use crate::jobs::queue::{self, Kind};
use crate::storage::{Tx, sql};

/// Says that a conversation has something new to be found: a message that is whole now, or another title. Call it in
/// the transaction that wrote it, and [`wake`](crate::jobs::runner::Waker::wake) the runner after the commit; without
/// that it is found some seconds later. Of a deleted conversation it does nothing.
pub async fn enqueue(tx: &mut Tx, conversation_id: &str, now: i64) -> Result<(), Error> {
    let query = "INSERT INTO search_pending (id, owner_id, conversation_id, at) \
                 SELECT $1, owner_id, id, updated_at FROM conversations WHERE id = $2 AND owner_id IS NOT NULL RETURNING owner_id";
    let owner: Option<String> = sqlx::query_scalar(query).bind(ids::new("pend")).bind(conversation_id).fetch_optional(&mut *tx).await?;
    match owner {
        Some(owner_id) => queue::enqueue(tx, Kind::Index, &owner_id, now).await,
        None => Ok(()),
    }
}

/// The same for several of one owner's conversations, each with the time at which it changed last. Whoever calls this
/// leaves the job too, once.
pub async fn add_pending(tx: &mut Tx, owner_id: &str, changed: &[(&str, i64)]) -> Result<(), Error> {
    let query = format!("INSERT INTO search_pending (id, owner_id, conversation_id, at) VALUES {}", sql::rows(changed.len(), 4));
    let mut statement = sqlx::query(AssertSqlSafe(query));
    for (conversation_id, at) in changed {
        statement = statement.bind(ids::new("pend")).bind(owner_id).bind((*conversation_id).to_owned()).bind(*at);
    }
    statement.execute(tx).await?;
    Ok(())
}

/// Indexes what is pending of one owner.
pub async fn run(_app: &App, _owner_id: &str) -> Result<(), Error> {
    Ok(())
}
