//! Taking what was deleted out of the index, word by word.

use std::time::Instant;

use super::block::{self, Members};
use super::store;
use crate::app::App;
use crate::error::Error;
use crate::jobs::batches::Batches;
use crate::jobs::purge_conversation::remove;
use crate::storage::Tx;
use crate::write_tx;

/// Rows of words that one transaction looks at, at the most.
const MOST_ROWS: i64 = 512;

/// Removes what the index holds of a conversation that is nobody's any more.
pub async fn conversation(app: &App, id: &str) -> Result<(), Error> {
    let blocks = "SELECT p.block_id FROM search_places p JOIN conversations c ON c.id = p.conversation_id \
                  WHERE c.id = $1 AND c.owner_id IS NULL ORDER BY p.block_id";
    let blocks: Vec<String> = sqlx::query_scalar(blocks).bind(id).fetch_all(app.db.reader()).await?;
    for block_id in blocks {
        let (mut batches, mut from) = (Batches::up_to(MOST_ROWS), Some(String::new()));
        while let Some(after) = from {
            let (began, size) = (Instant::now(), batches.next(app)?);
            from = write_tx!(app.db, "purge a conversation from the index", |tx| { from_block(tx, &block_id, id, &after, size).await })?;
            batches.learn(began);
        }
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

/// Takes a conversation out of up to `size` rows of a block's words behind the head `after`; answers how far that is, or
/// `None` when the block has nothing of it any more.
async fn from_block(tx: &mut Tx, block_id: &str, conversation_id: &str, after: &str, size: i64) -> Result<Option<String>, Error> {
    // Held until the commit: of two that take something out, the second sees what the first left.
    let held = "UPDATE search_blocks SET newest = newest WHERE id = $1 RETURNING members";
    let Some(members) = sqlx::query_scalar::<_, Vec<u8>>(held).bind(block_id).fetch_optional(&mut *tx).await? else { return Ok(None) };
    let mut members = Members::decode(&members)?;
    let Some(number) = members.conversations.iter().position(|id| id == conversation_id) else { return Ok(None) };
    if members.conversations.iter().enumerate().all(|(at, id)| at == number || id.is_empty()) {
        sqlx::query("DELETE FROM search_blocks WHERE id = $1").bind(block_id).execute(tx).await?;
        return Ok(None);
    }
    let is_gone = |member: usize| members.list.get(member).is_none_or(|member| member.conversation == number);
    let rows = store::words(tx, block_id, after, size).await?;
    let last = rows.last().filter(|_| i64::try_from(rows.len()) == Ok(size)).map(|(head, _)| head.clone());
    let (mut changed, mut empty) = (Vec::new(), Vec::new());
    for (head, entries) in rows {
        match block::without(&entries, &is_gone)? {
            Some(left) if left.is_empty() => empty.push(head),
            Some(left) => changed.push((head, left)),
            None => (),
        }
    }
    store::put_words(tx, block_id, &changed).await?;
    store::remove_words(tx, block_id, &empty).await?;
    if last.is_none() {
        members.conversations[number].clear();
        store::leave(tx, block_id, conversation_id, &members.encode()).await?;
    }
    Ok(last)
}
