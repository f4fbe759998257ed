//! Queries on accounts and on the server's settings.

use sqlx::Row;

use super::email;
use super::user::{Account, Role, User};
use crate::error::Error;
use crate::storage::{Tx, sql};

/// The settings' row that [`lock_people`] holds; its value is when the first account was made.
const FIRST_ACCOUNT: &str = "first_account_at";

/// The account's share epoch, holding its row until the transaction ends. Alone, and in turn: holders that let each other in
/// could keep out who takes everything back.
///
/// # Errors
/// [`Error::NotFound`] if the account is gone or disabled.
pub async fn lock_share_epoch(tx: &mut Tx, user_id: &str) -> Result<i64, Error> {
    let query =
        "UPDATE users SET share_epoch = share_epoch WHERE id = $1 AND deleted_at IS NULL AND disabled_at IS NULL RETURNING share_epoch";
    let query = if cfg!(feature = "sabotage-no-epoch-lock") { "SELECT share_epoch FROM users WHERE id = $1" } else { query };
    sqlx::query_scalar(query).bind(user_id).fetch_optional(tx).await?.ok_or(Error::NotFound)
}

/// Moves the account's share epoch on, which ends every link that it has; answers the new one.
pub async fn bump_share_epoch(tx: &mut Tx, user_id: &str) -> Result<i64, Error> {
    let query = "UPDATE users SET share_epoch = share_epoch + 1 WHERE id = $1 RETURNING share_epoch";
    sqlx::query_scalar(query).bind(user_id).fetch_optional(tx).await?.ok_or(Error::NotFound)
}

/// The live account with this e-mail address, whatever its case.
pub async fn by_email(tx: &mut Tx, address: &str) -> Result<Option<User>, Error> {
    let query = "SELECT id, email, name, role, share_epoch FROM users WHERE email_key = $1 AND deleted_at IS NULL";
    Ok(sqlx::query_as(query).bind(email::key(address)).fetch_optional(tx).await?)
}

/// The live account with this id, disabled or not.
///
/// # Errors
/// [`Error::NotFound`] if it is gone.
pub async fn by_id(tx: &mut Tx, id: &str) -> Result<User, Error> {
    let query = "SELECT id, email, name, role, share_epoch FROM users WHERE id = $1 AND deleted_at IS NULL AND role <> 'guest'";
    sqlx::query_as(query).bind(id).fetch_optional(tx).await?.ok_or(Error::NotFound)
}

/// What the sign-in door knows of an account.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The person.
    pub user: User,
    /// Empty: no password was set yet.
    pub password_hash: String,
    /// An administrator closed the account.
    pub disabled: bool,
}

/// The same with what is needed to let them in.
pub async fn credentials(tx: &mut Tx, address: &str) -> Result<Option<Credentials>, Error> {
    let query = "SELECT id, email, name, role, share_epoch, password_hash, disabled_at FROM users \
                 WHERE email_key = $1 AND deleted_at IS NULL";
    let Some(row) = sqlx::query(query).bind(email::key(address)).fetch_optional(tx).await? else { return Ok(None) };
    let disabled = row.try_get::<Option<i64>, _>("disabled_at")?.is_some();
    let user = <User as sqlx::FromRow<_>>::from_row(&row)?;
    Ok(Some(Credentials { user, password_hash: row.try_get("password_hash")?, disabled }))
}

/// The stored hash of a person's password.
pub async fn password_hash(tx: &mut Tx, id: &str) -> Result<String, Error> {
    let query = "SELECT password_hash FROM users WHERE id = $1 AND deleted_at IS NULL";
    sqlx::query_scalar(query).bind(id).fetch_optional(tx).await?.ok_or(Error::NotFound)
}

/// Holds the account until the transaction ends, if it may come in and its password is still the one that was
/// compared.
///
/// # Errors
/// [`Error::NotFound`] otherwise.
pub async fn lock_with_password(tx: &mut Tx, id: &str, password_hash: &str) -> Result<(), Error> {
    let query = "UPDATE users SET password_hash = password_hash \
                 WHERE id = $1 AND password_hash = $2 AND disabled_at IS NULL AND deleted_at IS NULL";
    sql::one_row(&sqlx::query(query).bind(id).bind(password_hash).execute(tx).await?)
}

/// A new account.
///
/// # Errors
/// [`Error::Invalid`] if the address has an account.
pub async fn insert(tx: &mut Tx, user: &User, password_hash: &str, now: i64) -> Result<(), Error> {
    // After a failed statement PostgreSQL refuses the rest of the transaction, so the conflict is no failure.
    let done = sqlx::query(
        "INSERT INTO users (id, email, email_key, name, password_hash, role, share_epoch, created_at, disabled_at, deleted_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, NULL) ON CONFLICT (email_key) DO NOTHING",
    )
    .bind(&user.id)
    .bind(&user.email)
    .bind(email::key(&user.email))
    .bind(&user.name)
    .bind(password_hash)
    .bind(&user.role)
    .bind(user.share_epoch)
    .bind(now)
    .execute(tx)
    .await?;
    sql::one_row(&done).map_err(|_| taken())
}

fn taken() -> Error {
    Error::invalid("email", "This address has an account already. Sign in with it, or use another.")
}

/// Name and e-mail address.
///
/// # Errors
/// [`Error::Invalid`] if another account has the address.
pub async fn set_profile(tx: &mut Tx, id: &str, name: &str, address: &str) -> Result<(), Error> {
    if by_email(&mut *tx, address).await?.is_some_and(|other| other.id != id) {
        return Err(taken());
    }
    let query = "UPDATE users SET name = $1, email = $2, email_key = $3 WHERE id = $4 AND deleted_at IS NULL";
    let done = sqlx::query(query).bind(name).bind(address).bind(email::key(address)).bind(id).execute(tx).await;
    match done {
        // Somebody took it since we looked.
        Err(error) if crate::storage::dialect::is_taken(&error) => Err(taken()),
        done => sql::one_row(&done?),
    }
}

/// A new password.
pub async fn set_password(tx: &mut Tx, id: &str, password_hash: &str) -> Result<(), Error> {
    let query = "UPDATE users SET password_hash = $1 WHERE id = $2 AND deleted_at IS NULL";
    sql::one_row(&sqlx::query(query).bind(password_hash).bind(id).execute(tx).await?)
}

/// What the account may do.
pub async fn set_role(tx: &mut Tx, id: &str, role: Role) -> Result<(), Error> {
    let query = "UPDATE users SET role = $1 WHERE id = $2 AND deleted_at IS NULL";
    sql::one_row(&sqlx::query(query).bind(role.as_str()).bind(id).execute(tx).await?)
}

/// Closes the account (with the time), or opens it again. Its links are closed while it is: the gate looks here.
pub async fn set_disabled(tx: &mut Tx, id: &str, disabled_at: Option<i64>) -> Result<(), Error> {
    let query = "UPDATE users SET disabled_at = $1 WHERE id = $2 AND deleted_at IS NULL";
    sql::one_row(&sqlx::query(query).bind(disabled_at).bind(id).execute(tx).await?)
}

/// Marks the account deleted and empties it; its address is free at once. The row goes with the clean-up.
pub async fn set_deleted(tx: &mut Tx, id: &str, now: i64) -> Result<(), Error> {
    let query = "UPDATE users SET deleted_at = $1, email = '', email_key = NULL, name = '', password_hash = '', role = 'member' \
                 WHERE id = $2 AND deleted_at IS NULL";
    sql::one_row(&sqlx::query(query).bind(now).bind(id).execute(tx).await?)
}

/// Makes who decides about accounts wait for one another until the transaction ends: who makes the first account, who
/// ends the last administrator.
pub async fn lock_people(tx: &mut Tx, now: i64) -> Result<(), Error> {
    // The second waits here for the first, and then sees what the first did.
    let query = "INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = settings.value";
    sqlx::query(query).bind(FIRST_ACCOUNT).bind(now.to_string()).execute(tx).await?;
    Ok(())
}

/// Whether somebody ever made an account here: after the last one was deleted, a stranger who comes by must not
/// become the administrator.
pub async fn any_ever(tx: &mut Tx) -> Result<bool, Error> {
    let query = "SELECT id FROM users UNION ALL SELECT key FROM settings WHERE key = $1 LIMIT 1";
    Ok(sqlx::query(query).bind(FIRST_ACCOUNT).fetch_optional(tx).await?.is_some())
}

/// Whether there is any account now, deleted ones that wait for the clean-up included.
pub async fn any_now(tx: &mut Tx) -> Result<bool, Error> {
    Ok(sqlx::query("SELECT id FROM users LIMIT 1").fetch_optional(tx).await?.is_some())
}

/// Accounts other than this one: all of them, and the administrators among them who may come in.
pub async fn others(tx: &mut Tx, id: &str) -> Result<(i64, i64), Error> {
    let query = "SELECT COUNT(*) AS people, \
                 COALESCE(CAST(SUM(CASE WHEN role = 'admin' AND disabled_at IS NULL THEN 1 ELSE 0 END) AS BIGINT), 0) AS admins \
                 FROM users WHERE id <> $1 AND deleted_at IS NULL AND role <> 'guest'";
    let row = sqlx::query(query).bind(id).fetch_one(tx).await?;
    Ok((row.try_get("people")?, row.try_get("admins")?))
}

const ACCOUNTS: &str = "SELECT u.id, u.email, u.name, u.role, u.created_at, u.disabled_at, \
                        (SELECT MAX(s.last_seen_at) FROM sessions s WHERE s.user_id = u.id) AS last_seen_at \
                        FROM users u WHERE u.deleted_at IS NULL AND u.role <> 'guest'";

/// Up to `limit` accounts, in the order in which they were made, behind the account `after`.
pub async fn accounts(tx: &mut Tx, after: Option<&str>, limit: i64) -> Result<Vec<Account>, Error> {
    let query = format!(
        "{ACCOUNTS} AND ($1 = '' OR (u.created_at, u.id) > (SELECT a.created_at, a.id FROM users a WHERE a.id = $1)) \
         ORDER BY u.created_at, u.id LIMIT $2"
    );
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(query)).bind(after.unwrap_or_default()).bind(limit).fetch_all(tx).await?)
}

/// How many conversations and copies of links leave or stay when this account goes: conversations, copies.
pub async fn belongings(tx: &mut Tx, id: &str) -> Result<(i64, i64), Error> {
    let query = "SELECT (SELECT COUNT(*) FROM conversations WHERE owner_id = $1) AS conversations, \
                 (SELECT COALESCE(CAST(SUM(l.copies) AS BIGINT), 0) FROM links l JOIN users u ON u.id = l.owner_id \
                  WHERE l.owner_id = $1 AND l.share_epoch = u.share_epoch) AS copies";
    let row = sqlx::query(query).bind(id).fetch_one(tx).await?;
    Ok((row.try_get("conversations")?, row.try_get("copies")?))
}

/// One of the server's settings.
pub async fn setting(tx: &mut Tx, key: &str) -> Result<Option<String>, Error> {
    Ok(sqlx::query_scalar("SELECT value FROM settings WHERE key = $1").bind(key).fetch_optional(tx).await?)
}

/// The setting that says where links begin: written by the server, read by the command line.
pub const BASE_URL: &str = "base_url";

/// Changes one of the server's settings.
pub async fn set_setting(tx: &mut Tx, key: &str, value: &str) -> Result<(), Error> {
    let query = "INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    sqlx::query(query).bind(key).bind(value).execute(tx).await?;
    Ok(())
}
