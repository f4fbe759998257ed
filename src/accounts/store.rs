//! Queries on accounts.

use super::user::User;
use crate::error::Error;
use crate::storage::Tx;

/// The account's share epoch, holding its row until the transaction ends.
///
/// # Errors
/// [`Error::NotFound`] if the account is gone.
pub async fn lock_share_epoch(tx: &mut Tx, user_id: &str) -> Result<i64, Error> {
    let query =
        "UPDATE users SET share_epoch = share_epoch WHERE id = $1 AND deleted_at IS NULL AND disabled_at IS NULL RETURNING share_epoch";
    sqlx::query_scalar(query).bind(user_id).fetch_optional(tx).await?.ok_or(Error::NotFound)
}

/// Moves the account's share epoch on, which ends every link that it has; answers the new one.
pub async fn bump_share_epoch(tx: &mut Tx, user_id: &str) -> Result<i64, Error> {
    let query = "UPDATE users SET share_epoch = share_epoch + 1 WHERE id = $1 RETURNING share_epoch";
    sqlx::query_scalar(query).bind(user_id).fetch_optional(tx).await?.ok_or(Error::NotFound)
}

/// The live account with this e-mail address, whatever its case.
pub async fn by_email(tx: &mut Tx, email: &str) -> Result<Option<User>, Error> {
    let query = "SELECT id, email, name, role, share_epoch FROM users WHERE email_key = $1 AND deleted_at IS NULL";
    Ok(sqlx::query_as(query).bind(email.to_lowercase()).fetch_optional(tx).await?)
}
