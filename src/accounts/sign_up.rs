//! Making one's own account, where the administrator allows it.

use super::sign_up_mode::{self, SignUpMode};
use super::user::{MAX_NAME_CHARS, Role, User};
use super::visitor::Visitor;
use super::{email, passwords, sessions, set_up};
use crate::app::App;
use crate::audit::Via;
use crate::error::Error;
use crate::guests::keep::{self, Left};
use crate::http::form;
use crate::ids;
use crate::write_tx;

/// What a person typed who wants an account.
#[derive(Clone, Copy, Debug)]
pub struct Applicant<'a> {
    /// The name that others see.
    pub name: &'a str,
    /// What they will sign in with.
    pub email: &'a str,
    /// Never kept.
    pub password: &'a str,
}

/// An account that is ready to be stored.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The person.
    pub user: User,
    /// What is stored of the password.
    pub password_hash: String,
}

impl Applicant<'_> {
    /// Checks every field, and hashes the password.
    ///
    /// # Errors
    /// [`Error::Invalid`] for the first field that will not do.
    pub async fn check(&self, app: &App, role: Role) -> Result<Draft, Error> {
        let user = person(self.name, self.email, role)?;
        passwords::check(self.password, &user.email, &user.name)?;
        Ok(Draft { user, password_hash: passwords::hash(&app.hashing, self.password).await? })
    }
}

/// A new person with checked name and address.
///
/// # Errors
/// [`Error::Invalid`] for `name` or `email`.
pub fn person(name: &str, address: &str, role: Role) -> Result<User, Error> {
    Ok(User {
        id: ids::new("user"),
        name: form::line("name", "The name", name, MAX_NAME_CHARS)?,
        email: email::parse(address)?,
        role: role.as_str().to_owned(),
        share_epoch: 0,
    })
}

/// Makes the account and lets the person in; answers the cookie's secret. What they `left` as a guest is theirs then.
///
/// # Errors
/// [`Error::Forbidden`] unless sign-up is open; otherwise as [`Applicant::check`].
pub async fn sign_up(app: &App, applicant: &Applicant<'_>, left: Option<&Left>, visitor: &Visitor) -> Result<String, Error> {
    require_open(&mut *app.db.read().await?).await?;
    let Draft { user, password_hash } = applicant.check(app, Role::Member).await?;
    let now = app.now();
    write_tx!(app.db, "sign up", |tx| {
        require_open(&mut *tx).await?;
        set_up::create(tx, &user, &password_hash, now, Via::Web).await?;
        if let Some(left) = left {
            keep::take_along(tx, &user.id, left, now).await?;
        }
        sessions::begin(tx, &user.id, visitor, now).await
    })
}

/// # Errors
/// [`Error::Forbidden`] unless anybody may sign up.
pub async fn require_open(tx: &mut crate::storage::Tx) -> Result<(), Error> {
    match sign_up_mode::get(tx).await? {
        SignUpMode::Open => Ok(()),
        SignUpMode::Invite => {
            Err(Error::Forbidden("Accounts here are made by invitation. Ask the person who runs this server to send you a link."))
        }
        SignUpMode::Closed => Err(Error::Forbidden("This server takes no new accounts. Ask the person who runs it.")),
    }
}
