//! Taking what was deleted out of the index, word by word.

use super::block::{self, Members};
use crate::app::App;
use crate::error::Error;
use crate::jobs::purge_conversation::remove;
use crate::storage::Tx;
use crate::write_tx;

/// Removes what the index holds of a conversation that is nobody's any more.
pub async fn conversation(app: &App, id: &str) -> Result<(), Error> {
    let blocks = "SELECT p.block_id FROM search_places p JOIN conversations c ON c.id = p.conversation_id \
                  WHERE c.id = $1 AND c.owner_id IS NULL ORDER BY p.block_id";
    let blocks: Vec<String> = sqlx::query_scalar(blocks).bind(id).fetch_all(app.db.reader()).await?;
    for block_id in blocks {
        if app.shutdown.is_cancelled() {
            return Err(Error::Unavailable);
        }
        write_tx!(app.db, "purge a conversation from the index", |tx| { from_block(tx, &block_id, id).await })?;
    }
    let fresh = "DELETE FROM search_fresh WHERE id IN (SELECT f.id FROM search_fresh f JOIN conversations c ON c.id = f.conversation_id \
                 WHERE c.id = $1 AND c.owner_id IS NULL LIMIT $2)";
    remove(app, fresh, id, 1_000).await
}

/// Removes the index of a deleted account.
pub async fn owner(app: &App, user_id: &str) -> Result<(), Error> {
    // Their words go with them, by foreign key.
    let blocks = "DELETE FROM search_blocks WHERE id IN (SELECT b.id FROM search_blocks b JOIN users u ON u.id = b.owner_id \
                  WHERE u.id = $1 AND u.deleted_at IS NOT NULL LIMIT $2)";
    remove(app, blocks, user_id, 16).await?;
    let fresh = "DELETE FROM search_fresh WHERE id IN (SELECT f.id FROM search_fresh f JOIN users u ON u.id = f.owner_id \
                 WHERE u.id = $1 AND u.deleted_at IS NOT NULL LIMIT $2)";
    remove(app, fresh, user_id, 1_000).await
}

async fn from_block(tx: &mut Tx, block_id: &str, conversation_id: &str) -> Result<(), Error> {
    // Held until the commit: of two that take something out, the second sees what the first left.
    let held = "UPDATE search_blocks SET newest = newest WHERE id = $1 RETURNING members";
    let Some(members) = sqlx::query_scalar::<_, Vec<u8>>(held).bind(block_id).fetch_optional(&mut *tx).await? else { return Ok(()) };
    let mut members = Members::decode(&members)?;
    let Some(number) = members.conversations.iter().position(|id| id == conversation_id) else { return Ok(()) };
    members.conversations[number].clear();
    if members.conversations.iter().all(String::is_empty) {
        sqlx::query("DELETE FROM search_blocks WHERE id = $1").bind(block_id).execute(tx).await?;
        return Ok(());
    }
    let is_gone = |member: usize| members.list.get(member).is_none_or(|member| member.conversation == number);
    let rows: Vec<(String, Vec<u8>)> =
        sqlx::query_as("SELECT head, entries FROM search_words WHERE block_id = $1").bind(block_id).fetch_all(&mut *tx).await?;
    for (head, entries) in rows {
        let Some(left) = block::without(&entries, &is_gone)? else { continue };
        let query = if left.is_empty() {
            sqlx::query("DELETE FROM search_words WHERE block_id = $1 AND head = $2").bind(block_id).bind(head)
        } else {
            let query = "UPDATE search_words SET entries = $3 WHERE block_id = $1 AND head = $2";
            sqlx::query(query).bind(block_id).bind(head).bind(left)
        };
        query.execute(&mut *tx).await?;
    }
    let members = members.encode();
    sqlx::query("UPDATE search_blocks SET members = $1 WHERE id = $2").bind(members).bind(block_id).execute(&mut *tx).await?;
    let query = "DELETE FROM search_places WHERE conversation_id = $1 AND block_id = $2";
    sqlx::query(query).bind(conversation_id).bind(block_id).execute(tx).await?;
    Ok(())
}
