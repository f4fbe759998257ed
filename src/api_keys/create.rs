//! Making a key.

use super::key;
use super::scope::Scopes;
use super::store::{self, ApiKey};
use crate::accounts;
use crate::app::App;
use crate::audit::{self, Via};
use crate::clock::DAY_MICROS;
use crate::error::Error;
use crate::http::form;
use crate::ids;
use crate::write_tx;

/// The longest name, in characters.
pub const MAX_NAME_CHARS: usize = 60;
/// The longest life that can be asked for, in days.
pub const MAX_DAYS: i64 = 3_650;
/// Keys that one person may have. More than that nobody keeps an eye on.
const MAX_KEYS: i64 = 100;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Wish {
    /// What its person calls it.
    pub name: String,
    /// What it may do.
    pub scopes: Scopes,
    /// Its life in days; `None`: until it is revoked.
    pub days: Option<i64>,
}

/// Makes a key for a person; answers its row, and the key itself, which nobody can see again.
///
/// # Errors
/// [`Error::Invalid`] for a name or number of days that will not do; [`Error::NotFound`] if the account was closed.
pub async fn create(app: &App, user_id: &str, wish: &Wish, via: Via) -> Result<(ApiKey, String), Error> {
    let now = app.now();
    let text = key::mint();
    let made = ApiKey {
        id: ids::new("key"),
        hint: key::hint(&text),
        name: form::line("name", "The name", &wish.name, MAX_NAME_CHARS)?,
        scopes: wish.scopes.clone(),
        created_at: now,
        expires_at: wish.days.map(|days| expiry(now, days)).transpose()?,
        last_used_at: None,
    };
    write_tx!(app.db, "make an API key", |tx| {
        // Held until the commit: of two at once the second sees the first, and an account that is being deleted gets
        // none.
        accounts::store::lock_share_epoch(tx, user_id).await?;
        if store::count(tx, user_id).await? >= MAX_KEYS {
            return Err(Error::invalid("name", format!("There are {MAX_KEYS} keys already. Revoke one that is not used any more.")));
        }
        store::insert(tx, user_id, &ids::hash_secret(&text), &made).await?;
        audit::record(tx, now, user_id, "api_key.created", &made.id, via).await
    })?;
    Ok((made, text))
}

fn expiry(now: i64, days: i64) -> Result<i64, Error> {
    if (1..=MAX_DAYS).contains(&days) {
        Ok(now + days * DAY_MICROS)
    } else {
        Err(Error::invalid("expires", format!("A key can live for 1 to {MAX_DAYS} days, or until it is revoked.")))
    }
}
