//! Links that set a password: for who forgot theirs, and for accounts that an administrator made.

use super::one_time::{self, Kind};
use super::visitor::Visitor;
use super::{passwords, sessions, store};
use crate::app::App;
use crate::audit::{self, Via};
use crate::error::Error;
use crate::storage::Tx;
use crate::write_tx;

/// Makes a link that sets this person's password, in place of those made before; answers its path.
///
/// # Errors
/// [`Error::NotFound`] if there is no such account.
pub async fn make(app: &App, by: Option<&str>, user_id: &str, via: Via) -> Result<String, Error> {
    let now = app.now();
    write_tx!(app.db, "make a reset link", |tx| { make_in(tx, by, user_id, now, via).await })
}

/// The same inside the transaction that makes an account.
pub async fn make_in(tx: &mut Tx, by: Option<&str>, user_id: &str, now: i64, via: Via) -> Result<String, Error> {
    store::by_id(tx, user_id).await?;
    one_time::end_resets_of(tx, user_id).await?;
    let (_, secret) = one_time::create(tx, Kind::Reset, Some(user_id), "", by, now).await?;
    audit::record(tx, now, by.unwrap_or(user_id), "password_link.created", user_id, via).await?;
    Ok(Kind::Reset.path(&secret))
}

/// Sets the password, signs the person out everywhere and in here; answers the cookie's secret. The link is used up
/// only if the password is set.
///
/// # Errors
/// [`Error::NotFound`] if the link doesn't work (any more); [`Error::Forbidden`] if the account is disabled;
/// [`Error::Invalid`] for a password that will not do.
pub async fn reset(app: &App, secret: &str, password: &str, visitor: &Visitor) -> Result<String, Error> {
    let now = app.now();
    let link = one_time::peek(&app.db, Kind::Reset, secret, now).await?;
    let user = store::by_id(&mut *app.db.read().await?, &link.user_id.ok_or(Error::NotFound)?).await?;
    passwords::check(password, &user.email, &user.name)?;
    let password_hash = passwords::hash(&app.hashing, password).await?;
    let secret = write_tx!(app.db, "reset a password", |tx| {
        let link = one_time::consume(tx, Kind::Reset, secret, now).await?;
        let user_id = link.user_id.ok_or(Error::NotFound)?;
        store::lock_share_epoch(tx, &user_id).await.map_err(|error| match error {
            Error::NotFound => Error::Forbidden("This account is disabled. Ask the person who runs this server."),
            other => other,
        })?;
        store::set_password(tx, &user_id, &password_hash).await?;
        one_time::end_resets_of(tx, &user_id).await?;
        sessions::end_all_but(tx, &user_id, "", now, Via::Web).await?;
        audit::record(tx, now, &user_id, "user.password_changed", &user_id, Via::Web).await?;
        sessions::begin(tx, &user_id, visitor, now).await
    });
    app.watch.look_now();
    secret
}
