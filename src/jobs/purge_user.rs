//! Removes everything of a deleted account. Its links ended and its name and address went when the delete committed;
//! here the rest of its words go: from the tables, and from the files that hold them.

use super::purge_conversation::remove;
use super::{purge_links, sweep};
use crate::app::App;
use crate::error::Error;
use crate::search::erase;
use crate::write_tx;

/// Removes conversations, links, and at last the account.
///
/// # Errors
/// [`Error::Unavailable`] while a reader keeps the write-ahead log from being emptied: the job runs again then.
pub async fn run(app: &App, user_id: &str) -> Result<(), Error> {
    remove_all(app, user_id).await?;
    sweep::erase(app).await
}

/// The same for a guest's: their words stay in the database's files until something is erased from them.
pub async fn remove_all(app: &App, user_id: &str) -> Result<(), Error> {
    purge_links::run(app, user_id).await?;
    erase::owner(app, user_id).await?;
    // Every query asks whether the account is deleted: a job that was enqueued by mistake removes nothing.
    remove(
        app,
        "DELETE FROM files WHERE id IN (SELECT f.id FROM files f JOIN conversations c ON c.id = f.conversation_id \
                 JOIN users u ON u.id = c.owner_id WHERE u.id = $1 AND u.deleted_at IS NOT NULL LIMIT $2)",
        user_id,
        16,
    )
    .await?;
    remove(
        app,
        "DELETE FROM messages WHERE id IN (SELECT m.id FROM messages m JOIN conversations c ON c.id = m.conversation_id \
                 JOIN users u ON u.id = c.owner_id WHERE u.id = $1 AND u.deleted_at IS NOT NULL LIMIT $2)",
        user_id,
        1_000,
    )
    .await?;
    remove(
        app,
        "DELETE FROM conversations WHERE id IN (SELECT c.id FROM conversations c JOIN users u ON u.id = c.owner_id \
                 WHERE u.id = $1 AND u.deleted_at IS NOT NULL LIMIT $2)",
        user_id,
        1_000,
    )
    .await?;
    remove(
        app,
        "DELETE FROM webhook_deliveries WHERE id IN (SELECT d.id FROM webhook_deliveries d JOIN webhook_endpoints e ON e.id = d.endpoint_id \
                 JOIN users u ON u.id = e.user_id WHERE u.id = $1 AND u.deleted_at IS NOT NULL LIMIT $2)",
        user_id,
        1_000,
    )
    .await?;
    // What they did goes too; that the account was deleted stays, as an id that leads to nobody.
    remove(
        app,
        "DELETE FROM audit_events WHERE id IN (SELECT e.id FROM audit_events e JOIN users u ON u.id = e.user_id \
                 WHERE u.id = $1 AND u.deleted_at IS NOT NULL AND e.action <> 'user.deleted' LIMIT $2)",
        user_id,
        1_000,
    )
    .await?;
    write_tx!(app.db, "purge an account", |tx| {
        let query =
            "UPDATE audit_events SET address = NULL WHERE user_id IN (SELECT id FROM users WHERE id = $1 AND deleted_at IS NOT NULL)";
        sqlx::query(query).bind(user_id).execute(&mut *tx).await?;
        // Imports, sessions and what else hangs on the account go with the row, by foreign key.
        sqlx::query("DELETE FROM users WHERE id = $1 AND deleted_at IS NOT NULL").bind(user_id).execute(tx).await?;
        Ok(())
    })
}
