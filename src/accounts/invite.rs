//! Invitations: an administrator makes a link and sends it; whoever opens it first makes one account.

use super::one_time::{self, Kind};
use super::sign_up::{Applicant, Draft};
use super::sign_up_mode::{self, SignUpMode};
use super::user::Role;
use super::visitor::Visitor;
use super::{email, sessions, set_up};
use crate::app::App;
use crate::audit::{self, Via};
use crate::error::Error;
use crate::storage::Tx;
use crate::write_tx;

/// Makes an invitation, for one address if `address` isn't empty; answers its path.
///
/// # Errors
/// [`Error::Invalid`] for an address that is none; [`Error::Forbidden`] while sign-up is closed.
pub async fn make(app: &App, by: &str, address: &str, via: Via) -> Result<String, Error> {
    let address = if address.trim().is_empty() { String::new() } else { email::parse(address)? };
    let now = app.now();
    write_tx!(app.db, "make an invitation", |tx| {
        require_not_closed(&mut *tx).await?;
        let (id, secret) = one_time::create(tx, Kind::Invite, None, &address, Some(by), now).await?;
        audit::record(tx, now, by, "invitation.created", &id, via).await?;
        Ok(Kind::Invite.path(&secret))
    })
}

/// Makes the account that an invitation is good for, and lets the person in; answers the cookie's secret. The
/// invitation is used up only if the account comes to be.
///
/// # Errors
/// [`Error::NotFound`] if the invitation doesn't work (any more); [`Error::Forbidden`] while sign-up is closed;
/// otherwise as [`Applicant::check`].
pub async fn accept(app: &App, secret: &str, applicant: &Applicant<'_>, visitor: &Visitor) -> Result<String, Error> {
    let now = app.now();
    let invitation = one_time::peek(&app.db, Kind::Invite, secret, now).await?;
    if !invitation.email.is_empty() && email::key(applicant.email) != email::key(&invitation.email) {
        return Err(Error::invalid("email", format!("This invitation is for {}. Use that address.", invitation.email)));
    }
    let Draft { user, password_hash } = applicant.check(app, Role::Member).await?;
    write_tx!(app.db, "accept an invitation", |tx| {
        require_not_closed(&mut *tx).await?;
        let invitation = one_time::consume(tx, Kind::Invite, secret, now).await?;
        set_up::create(tx, &user, &password_hash, now, Via::Web).await?;
        audit::record(tx, now, &user.id, "invitation.accepted", &invitation.id, Via::Web).await?;
        sessions::begin(tx, &user.id, visitor, now).await
    })
}

/// # Errors
/// [`Error::Forbidden`] while nobody may make an account.
pub async fn require_not_closed(tx: &mut Tx) -> Result<(), Error> {
    match sign_up_mode::get(tx).await? {
        SignUpMode::Open | SignUpMode::Invite => Ok(()),
        SignUpMode::Closed => Err(Error::Forbidden("This server takes no new accounts at the moment, so invitations rest.")),
    }
}
