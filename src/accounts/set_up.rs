//! The first account: whoever opens a new server first makes its administrator.

use super::sign_up::{Applicant, Draft};
use super::user::{Role, User};
use super::visitor::Visitor;
use super::{sessions, store};
use crate::app::App;
use crate::audit::{self, Via};
use crate::error::Error;
use crate::write_tx;

/// Makes the administrator and lets them in; answers the cookie's secret.
///
/// # Errors
/// [`Error::Forbidden`] if somebody was quicker; otherwise as [`Applicant::check`].
pub async fn set_up(app: &App, applicant: &Applicant<'_>, visitor: &Visitor) -> Result<String, Error> {
    if app.has_users().await? {
        return Err(taken());
    }
    let Draft { user, password_hash } = applicant.check(app, Role::Admin).await?;
    let now = app.now();
    write_tx!(app.db, "set up", |tx| {
        // Asked before the lock, whose row is one of the signs.
        let began = store::any_ever(tx).await?;
        store::lock_people(tx, now).await?;
        if began || store::any_now(tx).await? {
            return Err(taken());
        }
        create(tx, &user, &password_hash, now, Via::Web).await?;
        sessions::begin(tx, &user.id, visitor, now).await
    })
}

/// The account itself, for every way that leads to one.
pub async fn create(tx: &mut crate::storage::Tx, user: &User, password_hash: &str, now: i64, via: Via) -> Result<(), Error> {
    store::insert(tx, user, password_hash, now).await?;
    audit::record(tx, now, &user.id, "user.created", &user.id, via).await
}

fn taken() -> Error {
    Error::Forbidden("This server has an administrator already. Sign in, or ask them for an invitation.")
}
