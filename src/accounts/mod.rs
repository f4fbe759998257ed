//! People: making an account, coming in, going out.
//!
//! What holds, always:
//!
//! 1. A secret (password, session, one-time link) is stored as a hash and nothing else.
//! 2. A session ends with what it rests on: [`sessions::find`] joins the account for every request, and sign-out, a
//!    changed password, disabling and deleting remove the rows in their own transaction.
//! 3. The first account is an administrator, and there is only one first account: [`store::lock_people`].
//! 4. While others have accounts, somebody who can come in is an administrator: [`people::keep_an_administrator`].
//! 5. A door answers the same for an account that isn't there as for a wrong password, and takes as long.

pub mod change_password;
pub mod cli;
pub mod delete;
pub mod edit_profile;
pub mod email;
pub mod invite;
pub mod next;
pub mod one_time;
pub mod pages;
pub mod passwords;
pub mod people;
pub mod reset;
pub mod sessions;
pub mod set_up;
pub mod sign_in;
pub mod sign_up;
pub mod sign_up_mode;
pub mod store;
pub mod user;
pub mod visitor;

use crate::app::App;
use crate::error::Error;

/// The account with this e-mail address, for the command line.
///
/// # Errors
/// [`Error::Setup`] that says how to find the right one.
pub async fn find(app: &App, email: &str) -> Result<user::User, Error> {
    let found = store::by_email(&mut *app.db.read().await?, email).await?;
    found.ok_or_else(|| Error::Setup(format!("Nobody here has the e-mail address {email}. See `takeback users list`.")))
}
