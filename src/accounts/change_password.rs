//! Changing one's password, and the question for it before other acts.

use super::user::User;
use super::visitor::Visitor;
use super::{one_time, passwords, sessions, store};
use crate::api_keys::revoke;
use crate::app::App;
use crate::audit::{self, Via};
use crate::error::Error;
use crate::storage::Tx;
use crate::write_tx;

/// Changes the password. Every session ends, this one too: the answer is the secret of a new one. With `end_keys` the
/// person's API keys end too.
///
/// # Errors
/// As [`confirm`]; [`Error::Invalid`] for a new password that will not do.
pub async fn change_password(app: &App, user: &User, current: &str, new: &str, end_keys: bool, visitor: &Visitor) -> Result<String, Error> {
    let compared = confirm(app, user, "current", current, visitor).await?;
    passwords::check(new, &user.email, &user.name)?;
    let password_hash = passwords::hash(&app.hashing, new).await?;
    let now = app.now();
    let secret = write_tx!(app.db, "change a password", |tx| {
        hold(tx, user, "current", &compared).await?;
        store::set_password(tx, &user.id, &password_hash).await?;
        one_time::end_resets_of(tx, &user.id).await?;
        sessions::end_all_but(tx, &user.id, "", now, Via::Web).await?;
        if end_keys {
            revoke::revoke_all_in(tx, &user.id, now, Via::Web).await?;
        }
        audit::record(tx, now, &user.id, "user.password_changed", &user.id, Via::Web).await?;
        sessions::begin(tx, &user.id, visitor, now).await
    });
    app.watch.look_now();
    secret
}

/// Makes sure that it is really the person who sits there; answers the hash that was compared, so that the
/// transaction that follows can hold on to it. `field` is where the form asks.
///
/// # Errors
/// [`Error::RateLimited`] after too many attempts; [`Error::Invalid`] for `field` if the password is wrong.
pub async fn confirm(app: &App, user: &User, field: &'static str, password: &str, visitor: &Visitor) -> Result<String, Error> {
    // By id: strangers who use up the attempts of the address at the sign-in door don't use up these.
    app.limits.password(&user.id, visitor.key)?;
    let stored = store::password_hash(&mut *app.db.read().await?, &user.id).await?;
    if passwords::verify(&app.hashing, password, Some(&stored)).await? {
        Ok(stored)
    } else {
        Err(Error::invalid(field, "That isn't your password. Type the one you sign in with."))
    }
}

/// Holds the account until the transaction ends, so that nobody acts with a password that was changed since
/// [`confirm`] compared it.
///
/// # Errors
/// [`Error::Invalid`] for `field` if it was, or if the account may not come in any more.
pub async fn hold(tx: &mut Tx, user: &User, field: &'static str, compared: &str) -> Result<(), Error> {
    store::lock_with_password(tx, &user.id, compared).await.map_err(|error| match error {
        Error::NotFound => Error::invalid(field, "Your password was changed meanwhile. Type the new one."),
        other => other,
    })
}
