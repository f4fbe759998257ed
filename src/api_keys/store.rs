//! Queries on keys. Every one but [`alive`], [`still_alive`] and the command line's names whose they are.

use std::collections::HashSet;

use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, FromRow, Row};

use super::scope::Scopes;
use crate::accounts::user::User;
use crate::error::Error;
use crate::storage::{Tx, sql};

/// A key as its person sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// `key_…`
    pub id: String,
    /// Its first and last characters.
    pub hint: String,
    /// What its person calls it.
    pub name: String,
    /// What it may do.
    pub scopes: Scopes,
    /// Unix microseconds.
    pub created_at: i64,
    /// Unix microseconds; `None`: never.
    pub expires_at: Option<i64>,
    /// Unix microseconds, to some minutes; `None`: never.
    pub last_used_at: Option<i64>,
}

const COLUMNS: &str = "k.id, k.hint, k.name, k.scopes, k.created_at, k.expires_at, k.last_used_at";

impl<'r> FromRow<'r, AnyRow> for ApiKey {
    fn from_row(row: &'r AnyRow) -> Result<Self, sqlx::Error> {
        let last_used_at: i64 = row.try_get("last_used_at")?;
        Ok(Self {
            id: row.try_get("id")?,
            hint: row.try_get("hint")?,
            name: row.try_get("name")?,
            scopes: Scopes::stored(row.try_get("scopes")?),
            created_at: row.try_get("created_at")?,
            expires_at: row.try_get("expires_at")?,
            last_used_at: (last_used_at > 0).then_some(last_used_at),
        })
    }
}

/// The key with this hash and its person, if both are alive at `now`.
pub async fn alive(tx: &mut Tx, key_hash: &[u8], now: i64) -> Result<Option<(ApiKey, User)>, Error> {
    let query = format!(
        "SELECT {COLUMNS}, u.id AS user_id, u.email, u.name AS user_name, u.role, u.share_epoch \
         FROM api_keys k JOIN users u ON u.id = k.user_id \
         WHERE k.key_hash = $1 AND (k.expires_at IS NULL OR k.expires_at > $2) AND u.disabled_at IS NULL AND u.deleted_at IS NULL"
    );
    let row = sqlx::query(sqlx::AssertSqlSafe(query)).bind(key_hash.to_vec()).bind(now).fetch_optional(tx).await?;
    row.map(|row| {
        let user = User {
            id: row.try_get("user_id")?,
            email: row.try_get("email")?,
            name: row.try_get("user_name")?,
            role: row.try_get("role")?,
            share_epoch: row.try_get("share_epoch")?,
        };
        Ok((ApiKey::from_row(&row)?, user))
    })
    .transpose()
}

/// Those of these keys that are alive at `now`, their persons too.
pub async fn still_alive(tx: &mut Tx, ids: &[&str], now: i64) -> Result<HashSet<String>, Error> {
    let mut alive = HashSet::new();
    for chunk in ids.chunks(500) {
        let query = format!(
            "SELECT k.id FROM api_keys k JOIN users u ON u.id = k.user_id WHERE (k.expires_at IS NULL OR k.expires_at > $1) \
             AND u.disabled_at IS NULL AND u.deleted_at IS NULL AND k.id IN ({})",
            sql::placeholders(2, chunk.len())
        );
        let mut statement = sqlx::query_scalar(AssertSqlSafe(query)).persistent(false).bind(now);
        for id in chunk {
            statement = statement.bind((*id).to_owned());
        }
        alive.extend(statement.fetch_all(&mut *tx).await?);
    }
    Ok(alive)
}

/// A new key.
pub async fn insert(tx: &mut Tx, user_id: &str, key_hash: &[u8], key: &ApiKey) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO api_keys (id, user_id, key_hash, hint, name, scopes, created_at, expires_at, last_used_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)",
    )
    .bind(&key.id)
    .bind(user_id)
    .bind(key_hash.to_vec())
    .bind(&key.hint)
    .bind(&key.name)
    .bind(key.scopes.to_stored())
    .bind(key.created_at)
    .bind(key.expires_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// A person's keys, newest first, expired ones too.
pub async fn of_user(tx: &mut Tx, user_id: &str) -> Result<Vec<ApiKey>, Error> {
    let query = format!("SELECT {COLUMNS} FROM api_keys k WHERE k.user_id = $1 ORDER BY k.created_at DESC, k.id DESC");
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(query)).bind(user_id).fetch_all(tx).await?)
}

/// One key, through its person.
pub async fn owned(tx: &mut Tx, user_id: &str, id: &str) -> Result<ApiKey, Error> {
    let query = format!("SELECT {COLUMNS} FROM api_keys k WHERE k.user_id = $1 AND k.id = $2");
    sqlx::query_as(sqlx::AssertSqlSafe(query)).bind(user_id).bind(id).fetch_optional(tx).await?.ok_or(Error::NotFound)
}

/// How many keys a person has.
pub async fn count(tx: &mut Tx, user_id: &str) -> Result<i64, Error> {
    Ok(sqlx::query_scalar("SELECT COUNT(*) FROM api_keys WHERE user_id = $1").bind(user_id).fetch_one(tx).await?)
}

/// That it was used.
pub async fn set_used(tx: &mut Tx, id: &str, now: i64) -> Result<(), Error> {
    sqlx::query("UPDATE api_keys SET last_used_at = $1 WHERE id = $2").bind(now).bind(id).execute(tx).await?;
    Ok(())
}

/// Ends one key.
pub async fn delete(tx: &mut Tx, user_id: &str, id: &str) -> Result<(), Error> {
    let done = sqlx::query("DELETE FROM api_keys WHERE user_id = $1 AND id = $2").bind(user_id).bind(id).execute(tx).await?;
    sql::one_row(&done)
}

/// Ends all keys of a person; answers their ids.
pub async fn delete_all(tx: &mut Tx, user_id: &str) -> Result<Vec<String>, Error> {
    Ok(sqlx::query_scalar("DELETE FROM api_keys WHERE user_id = $1 RETURNING id").bind(user_id).fetch_all(tx).await?)
}

/// A key in the list of whoever runs the server.
#[derive(Clone, Debug)]
pub struct ForOperator {
    /// The key.
    pub key: ApiKey,
    /// Whose it is.
    pub user_id: String,
    /// Their address.
    pub email: String,
}

/// Everybody's keys, one person's, or one key, newest first. For the command line on the database itself.
pub async fn for_operator(tx: &mut Tx, user_id: Option<&str>, id: Option<&str>) -> Result<Vec<ForOperator>, Error> {
    let query = format!(
        "SELECT {COLUMNS}, u.id AS user_id, u.email FROM api_keys k JOIN users u ON u.id = k.user_id \
         WHERE ($1 = '' OR k.user_id = $1) AND ($2 = '' OR k.id = $2) AND u.deleted_at IS NULL ORDER BY k.created_at DESC, k.id DESC"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(query)).bind(user_id.unwrap_or_default()).bind(id.unwrap_or_default()).fetch_all(tx).await?;
    rows.iter()
        .map(|row| Ok(ForOperator { key: ApiKey::from_row(row)?, user_id: row.try_get("user_id")?, email: row.try_get("email")? }))
        .collect()
}
