//! Guests go, with everything that they said: when they were not here for so many days, and when what they came for is
//! gone, be it the assistant, the link or the editor who tried it.

use super::purse;
use crate::app::App;
use crate::clock::DAY_MICROS;
use crate::error::Error;
use crate::jobs::purge_user;
use crate::write_tx;

/// Removes them.
pub async fn run(app: &App) -> Result<(), Error> {
    let now = app.now();
    let before = now - app.config.guest_days * DAY_MICROS;
    write_tx!(app.db, "guests go", |tx| {
        // From the commit on nothing finds them.
        let query = "UPDATE users SET deleted_at = $1 WHERE role = 'guest' AND deleted_at IS NULL AND NOT EXISTS \
             (SELECT 1 FROM guests g JOIN assistants a ON a.id = g.assistant_id WHERE g.user_id = users.id AND g.last_used_at >= $2 \
              AND (EXISTS (SELECT 1 FROM users e WHERE e.id = g.editor_id AND e.deleted_at IS NULL) \
                   OR EXISTS (SELECT 1 FROM links l JOIN users o ON o.id = l.owner_id AND o.share_epoch = l.share_epoch AND o.deleted_at IS NULL \
                              WHERE l.id = g.link_id)))";
        sqlx::query(query).bind(now).bind(before).execute(&mut *tx).await?;
        purse::sweep(tx, now).await
    })?;
    let gone = "SELECT id FROM users WHERE role = 'guest' AND deleted_at IS NOT NULL";
    let gone: Vec<String> = sqlx::query_scalar(gone).fetch_all(app.db.reader()).await?;
    for id in gone {
        purge_user::remove_all(app, &id).await?;
    }
    Ok(())
}
