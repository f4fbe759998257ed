//! Changing one's name and e-mail address.

use super::user::{MAX_NAME_CHARS, User};
use super::visitor::Visitor;
use super::{change_password, email, store};
use crate::app::App;
use crate::audit::{self, Via};
use crate::error::Error;
use crate::http::form;
use crate::write_tx;

/// Changes name and address. Another address needs the password: who signs in with it owns the account.
///
/// # Errors
/// [`Error::Invalid`] for a field that will not do; otherwise as [`change_password::confirm`].
pub async fn edit_profile(app: &App, user: &User, name: &str, address: &str, password: &str, visitor: &Visitor) -> Result<(), Error> {
    let name = form::line("name", "The name", name, MAX_NAME_CHARS)?;
    let address = email::parse(address)?;
    let moved = email::key(&address) != email::key(&user.email);
    let compared = if moved { Some(change_password::confirm(app, user, "confirm", password, visitor).await?) } else { None };
    let now = app.now();
    write_tx!(app.db, "edit a profile", |tx| {
        if let Some(compared) = &compared {
            change_password::hold(tx, user, "confirm", compared).await?;
        }
        store::set_profile(tx, &user.id, &name, &address).await?;
        let action = if moved { "user.email_changed" } else { "user.name_changed" };
        audit::record(tx, now, &user.id, action, &user.id, Via::Web).await
    })
}
