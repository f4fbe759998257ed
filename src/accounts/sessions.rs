//! Sessions: an opaque cookie, of which only the hash is stored.

use sqlx::Row;

use super::user::User;
use crate::app::App;
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::write_tx;

/// A session ends when it was not used for this long.
pub const LIFETIME_DAYS: i64 = 30;

const LIFETIME_MICROS: i64 = LIFETIME_DAYS * 86_400 * 1_000_000;
/// How exactly the list of sessions knows the last use; a write for every request would be too much.
const SEEN_EVERY_MICROS: i64 = 5 * 60 * 1_000_000;

/// The person whose session has this hash, if it is alive and they may still come in.
pub async fn find(app: &App, token_hash: &[u8]) -> Result<Option<CurrentUser>, Error> {
    let now = app.now();
    let query = "SELECT s.id AS session_id, s.last_seen_at, u.id, u.email, u.name, u.role, u.share_epoch \
                 FROM sessions s JOIN users u ON u.id = s.user_id \
                 WHERE s.token_hash = $1 AND s.last_seen_at > $2 AND u.disabled_at IS NULL AND u.deleted_at IS NULL";
    let row = sqlx::query(query).bind(token_hash.to_vec()).bind(now - LIFETIME_MICROS).fetch_optional(app.db.reader()).await?;
    let Some(row) = row else { return Ok(None) };
    let current = CurrentUser { user: <User as sqlx::FromRow<_>>::from_row(&row)?, session_id: row.try_get("session_id")? };
    if row.try_get::<i64, _>("last_seen_at")? < now - SEEN_EVERY_MICROS {
        seen(app, &current.session_id, now).await;
    }
    Ok(Some(current))
}

/// May fail: the next request tries again.
async fn seen(app: &App, session_id: &str, now: i64) {
    let written = write_tx!(app.db, "session seen", |tx| {
        sqlx::query("UPDATE sessions SET last_seen_at = $1 WHERE id = $2").bind(now).bind(session_id).execute(tx).await?;
        Ok(())
    });
    if let Err(error) = written {
        tracing::debug!(%error, "the session's last use was not written down");
    }
}
