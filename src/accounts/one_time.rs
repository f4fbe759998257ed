//! Links that work once: an invitation makes an account, a reset sets a password. 256 random bits, of which only the
//! hash is stored; opening the page changes nothing, since chat programs open links before people do.

use sqlx::{AssertSqlSafe, Row};

use crate::clock::DAY_MICROS;
use crate::error::Error;
use crate::ids;
use crate::storage::{Db, Tx};

/// It is there, it is young, and who made it may still make such links.
const WORKS: &str = "token_hash = $1 AND kind = $2 AND expires_at > $3 AND (created_by IS NULL OR created_by IN \
                     (SELECT id FROM users WHERE role = 'admin' AND disabled_at IS NULL AND deleted_at IS NULL))";

/// What a one-time link does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Makes an account.
    Invite,
    /// Sets a password.
    Reset,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Invite => "invite",
            Self::Reset => "reset",
        }
    }

    /// How long it works.
    pub fn lifetime_days(self) -> i64 {
        match self {
            Self::Invite => 7,
            Self::Reset => 1,
        }
    }

    /// The page's path.
    pub fn path(self, secret: &str) -> String {
        format!("/{}/{secret}", self.as_str())
    }
}

/// What is known of a link that still works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneTime {
    /// `once_…`
    pub id: String,
    /// Whose password a reset sets.
    pub user_id: Option<String>,
    /// The one address that an invitation is for; empty: any.
    pub email: String,
    /// Who made it; `None`: the command line.
    pub created_by: Option<String>,
}

/// A link of this kind; answers its id and its secret.
pub async fn create(
    tx: &mut Tx,
    kind: Kind,
    user_id: Option<&str>,
    email: &str,
    created_by: Option<&str>,
    now: i64,
) -> Result<(String, String), Error> {
    let (id, secret) = (ids::new("once"), ids::new_secret());
    sqlx::query(
        "INSERT INTO one_time_links (id, token_hash, kind, user_id, email, created_by, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(&id)
    .bind(ids::hash_secret(&secret))
    .bind(kind.as_str())
    .bind(user_id)
    .bind(email)
    .bind(created_by)
    .bind(now)
    .bind(now + kind.lifetime_days() * DAY_MICROS)
    .execute(tx)
    .await?;
    Ok((id, secret))
}

/// Looks at the link without using it up.
///
/// # Errors
/// [`Error::NotFound`] if it was used, is too old, or never was.
pub async fn peek(db: &Db, kind: Kind, secret: &str, now: i64) -> Result<OneTime, Error> {
    let query = format!("SELECT id, user_id, email, created_by FROM one_time_links WHERE {WORKS}");
    let query = sqlx::query(AssertSqlSafe(query));
    let row = query.bind(ids::hash_secret(secret)).bind(kind.as_str()).bind(now).fetch_optional(db.reader()).await?;
    read(row.as_ref())
}

/// Uses the link up, in the transaction of what it is used for: of two at once, one finds no row.
///
/// # Errors
/// As [`peek`].
pub async fn consume(tx: &mut Tx, kind: Kind, secret: &str, now: i64) -> Result<OneTime, Error> {
    let query = format!("DELETE FROM one_time_links WHERE {WORKS} RETURNING id, user_id, email, created_by");
    let row = sqlx::query(AssertSqlSafe(query)).bind(ids::hash_secret(secret)).bind(kind.as_str()).bind(now).fetch_optional(tx).await?;
    read(row.as_ref())
}

fn read(row: Option<&sqlx::any::AnyRow>) -> Result<OneTime, Error> {
    let row = row.ok_or(Error::NotFound)?;
    Ok(OneTime {
        id: row.try_get("id")?,
        user_id: row.try_get("user_id")?,
        email: row.try_get("email")?,
        created_by: row.try_get("created_by")?,
    })
}

/// Ends the links that set this person's password.
pub async fn end_resets_of(tx: &mut Tx, user_id: &str) -> Result<(), Error> {
    sqlx::query("DELETE FROM one_time_links WHERE user_id = $1").bind(user_id).execute(tx).await?;
    Ok(())
}

/// Ends the links that this person made, when they may not make any more.
pub async fn end_made_by(tx: &mut Tx, user_id: &str) -> Result<(), Error> {
    sqlx::query("DELETE FROM one_time_links WHERE created_by = $1").bind(user_id).execute(tx).await?;
    Ok(())
}

/// Removes links that are too old to work; answers how many.
pub async fn sweep(tx: &mut Tx, now: i64) -> Result<u64, Error> {
    Ok(sqlx::query("DELETE FROM one_time_links WHERE expires_at <= $1").bind(now).execute(tx).await?.rows_affected())
}
