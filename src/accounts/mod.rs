//! People: making an account, coming in, going out.

pub mod sessions;
pub mod store;
pub mod user;

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
