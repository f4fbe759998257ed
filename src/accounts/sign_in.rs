//! Signing in.

use super::visitor::Visitor;
use super::{email, passwords, sessions, store};
use crate::app::App;
use crate::audit::{self, Via, place};
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
    let right = passwords::verify(&app.hashing, password, found.as_ref().map(|found| found.password_hash.as_str())).await?;
    if let Some(known) = found.as_ref().filter(|found| !right || found.disabled) {
        note_failure(app, &known.user.id);
    }
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

/// Writes down that somebody tried. Beside the answer, not before it: an answer that takes longer would tell that
/// there is such an account. May fail.
fn note_failure(app: &App, user_id: &str) {
    let (at, user_id, network, now) = (app.clone(), user_id.to_owned(), place::here(), app.now());
    app.tasks.spawn(place::at(network, async move {
        let noted = write_tx!(at.db, "a sign-in failed", |tx| {
            audit::record(tx, now, &user_id, "user.sign_in_failed", &user_id, Via::Web).await
        });
        if let Err(error) = noted {
            tracing::warn!(%error, "a failed sign-in was not recorded");
        }
    }));
}

fn wrong() -> Error {
    Error::invalid("password", "The e-mail address or the password is wrong. Check both and try again.")
}
