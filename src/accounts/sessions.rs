//! Sessions: an opaque cookie, of which only the hash is stored.

use std::collections::HashSet;

use sqlx::{AssertSqlSafe, Row};

use super::user::User;
use super::visitor::Visitor;
use crate::app::App;
use crate::audit::{self, Via};
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::ids;
use crate::storage::{Tx, sql};
use crate::write_tx;

/// A session ends when it was not used for this long.
pub const LIFETIME_DAYS: i64 = 30;

const LIFETIME_MICROS: i64 = LIFETIME_DAYS * 86_400 * 1_000_000;
/// How exactly the list of sessions knows the last use; a write for every request would be too much.
const SEEN_EVERY_MICROS: i64 = 5 * 60 * 1_000_000;
/// Sessions that the list shows at the most.
const LISTED: i64 = 100;

/// The person whose session has this hash, if it is alive and they may still come in; and whether its life was made
/// longer just now.
pub async fn find(app: &App, token_hash: &[u8]) -> Result<Option<(CurrentUser, bool)>, Error> {
    let now = app.now();
    let query = "SELECT s.id AS session_id, s.last_seen_at, u.id, u.email, u.name, u.role, u.share_epoch \
                 FROM sessions s JOIN users u ON u.id = s.user_id \
                 WHERE s.token_hash = $1 AND s.last_seen_at > $2 AND u.disabled_at IS NULL AND u.deleted_at IS NULL";
    let row = sqlx::query(query).bind(token_hash.to_vec()).bind(now - LIFETIME_MICROS).fetch_optional(app.db.reader()).await?;
    let Some(row) = row else { return Ok(None) };
    let current = CurrentUser { user: <User as sqlx::FromRow<_>>::from_row(&row)?, session_id: row.try_get("session_id")? };
    let due = row.try_get::<i64, _>("last_seen_at")? < now - SEEN_EVERY_MICROS;
    let longer = due && seen(app, &current.session_id, now).await;
    Ok(Some((current, longer)))
}

/// Those of these sessions that are alive and whose persons may still come in.
pub async fn alive(app: &App, session_ids: &[&str]) -> Result<HashSet<String>, Error> {
    let mut alive = HashSet::new();
    for chunk in session_ids.chunks(500) {
        let query = format!(
            "SELECT s.id FROM sessions s JOIN users u ON u.id = s.user_id \
             WHERE s.last_seen_at > $1 AND u.disabled_at IS NULL AND u.deleted_at IS NULL AND s.id IN ({})",
            sql::placeholders(2, chunk.len())
        );
        let mut statement = sqlx::query_scalar(AssertSqlSafe(query)).persistent(false).bind(app.now() - LIFETIME_MICROS);
        for id in chunk {
            statement = statement.bind(*id);
        }
        alive.extend(statement.fetch_all(app.db.reader()).await?);
    }
    Ok(alive)
}

/// May fail: the next request tries again.
async fn seen(app: &App, session_id: &str, now: i64) -> bool {
    let written = write_tx!(app.db, "session seen", |tx| {
        sqlx::query("UPDATE sessions SET last_seen_at = $1 WHERE id = $2").bind(now).bind(session_id).execute(tx).await?;
        Ok(())
    });
    if let Err(error) = &written {
        tracing::debug!(%error, "the session's last use was not written down");
    }
    written.is_ok()
}

/// Lets the person in from where the visitor stands, and ends the session that the visitor came with; answers the
/// cookie's secret.
pub async fn begin(tx: &mut Tx, user_id: &str, visitor: &Visitor, now: i64) -> Result<String, Error> {
    if let Some(old) = &visitor.session_hash {
        sqlx::query("DELETE FROM sessions WHERE token_hash = $1").bind(old.clone()).execute(&mut *tx).await?;
    }
    let (id, secret) = (ids::new("sess"), ids::new_secret());
    sqlx::query(
        "INSERT INTO sessions (id, token_hash, user_id, client, address, created_at, last_seen_at) VALUES ($1, $2, $3, $4, $5, $6, $6)",
    )
    .bind(&id)
    .bind(ids::hash_secret(&secret))
    .bind(user_id)
    .bind(&visitor.client)
    .bind(&visitor.address)
    .bind(now)
    .execute(&mut *tx)
    .await?;
    audit::record(tx, now, user_id, "user.signed_in", &id, Via::Web).await?;
    Ok(secret)
}

/// Signs out of one session.
pub async fn end(app: &App, current: &CurrentUser) -> Result<(), Error> {
    let now = app.now();
    let ended = write_tx!(app.db, "sign out", |tx| {
        let query = "DELETE FROM sessions WHERE id = $1 AND user_id = $2";
        let done = sqlx::query(query).bind(&current.session_id).bind(&current.user.id).execute(&mut *tx).await?;
        // Two clicks on "Sign out" are one sign-out.
        if done.rows_affected() == 1 {
            audit::record(tx, now, &current.user.id, "session.ended", &current.session_id, Via::Web).await?;
        }
        Ok(())
    });
    app.watch.look_now();
    ended
}

/// Signs out of every session but the one at hand; answers how many ended.
pub async fn end_others(app: &App, current: &CurrentUser) -> Result<usize, Error> {
    let now = app.now();
    let ended =
        write_tx!(app.db, "sign out everywhere else", |tx| { end_all_but(tx, &current.user.id, &current.session_id, now, Via::Web).await });
    app.watch.look_now();
    ended
}

/// Ends a person's sessions inside the transaction of the act that ends them, but for `kept` (empty: none is kept);
/// answers how many ended. After the commit whoever calls this wakes [`App::watch`](crate::app::Parts::watch), so that
/// their open windows end at once.
pub async fn end_all_but(tx: &mut Tx, user_id: &str, kept: &str, now: i64, via: Via) -> Result<usize, Error> {
    let query = "DELETE FROM sessions WHERE user_id = $1 AND id <> $2 RETURNING id";
    let ended: Vec<String> = sqlx::query_scalar(query).bind(user_id).bind(kept).fetch_all(&mut *tx).await?;
    for id in &ended {
        audit::record(&mut *tx, now, user_id, "session.ended", id, via).await?;
    }
    Ok(ended.len())
}

/// A place where a person is signed in.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Session {
    /// `sess_…`
    pub id: String,
    /// "Firefox on Linux"
    pub client: String,
    /// The address without its last part.
    pub address: String,
    /// Unix microseconds, to about five minutes.
    pub last_seen_at: i64,
}

/// Where a person is signed in, last used first.
pub async fn list(app: &App, user_id: &str) -> Result<Vec<Session>, Error> {
    let query = "SELECT id, client, address, last_seen_at FROM sessions WHERE user_id = $1 AND last_seen_at > $2 \
                 ORDER BY last_seen_at DESC, id LIMIT $3";
    Ok(sqlx::query_as(query).bind(user_id).bind(app.now() - LIFETIME_MICROS).bind(LISTED).fetch_all(app.db.reader()).await?)
}

/// Removes sessions that nobody can use any more; answers how many.
pub async fn sweep(tx: &mut Tx, now: i64) -> Result<u64, Error> {
    let query = "DELETE FROM sessions WHERE last_seen_at <= $1";
    Ok(sqlx::query(query).bind(now - LIFETIME_MICROS).execute(tx).await?.rows_affected())
}
