//! Signing in.

use super::visitor::Visitor;
use super::{email, passwords, sessions, store};
use crate::app::App;
use crate::error::Error;
use crate::write_tx;

/// Compares the password and lets the person in; answers the cookie's secret. An account that isn't there costs a
/// hashing too, and gets the words of a wrong password.
///
/// # Errors
/// [`Error::RateLimited`] after too many attempts for the account or from the address; [`Error::Invalid`] for a wrong
/// address or password; [`Error::Forbidden`] if the password is right but the account is disabled.
pub async fn sign_in(app: &App, address: &str, password: &str, visitor: &Visitor) -> Result<String, Error> {
    // Nobody's address is longer, and the limit remembers it for a while.
    let address: String = address.chars().take(email::MAX_CHARS).collect();
    app.limits.password(&email::key(&address), visitor.key)?;
    let found = store::credentials(&mut *app.db.read().await?, &address).await?;
    let right = passwords::verify(app, password, found.as_ref().map(|found| found.password_hash.as_str())).await?;
    let Some(found) = found.filter(|_| right) else { return Err(wrong()) };
    if found.disabled {
        return Err(Error::Forbidden("This account is disabled. Ask the person who runs this server."));
    }
    let now = app.now();
    write_tx!(app.db, "sign in", |tx| {
        // A password that was changed since it was compared above lets nobody in.
        let held = store::lock_with_password(tx, &found.user.id, &found.password_hash).await;
        held.map_err(|error| if matches!(error, Error::NotFound) { wrong() } else { error })?;
        sessions::begin(tx, &found.user.id, visitor, now).await
    })
}

fn wrong() -> Error {
    Error::invalid("password", "The e-mail address or the password is wrong. Check both and try again.")
}
