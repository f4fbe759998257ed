//! What an administrator does about accounts.

use super::user::Role;
use super::{one_time, sessions, store};
use crate::answers::{self, store::Ending};
use crate::app::App;
use crate::audit::{self, Via};
use crate::error::Error;
use crate::storage::Tx;
use crate::write_tx;

/// Closes an account: its sessions end with the commit, and so does everything that looks at it; its answers that are
/// being written are stopped, and its links are closed while it is. `by` is who does it.
///
/// # Errors
/// [`Error::NotFound`] if there is no such account; otherwise as [`keep_an_administrator`].
pub async fn disable(app: &App, by: &str, id: &str, via: Via) -> Result<(), Error> {
    let now = app.now();
    let disabled = write_tx!(app.db, "disable an account", |tx| {
        store::lock_people(tx, now).await?;
        keep_an_administrator(tx, id).await?;
        store::set_disabled(tx, id, Some(now)).await?;
        sessions::end_all_but(tx, id, "", now, via).await?;
        one_time::end_made_by(tx, id).await?;
        one_time::end_resets_of(tx, id).await?;
        answers::store::ask_all_to_end(tx, id, Ending::Keep).await?;
        answers::store::ask_to_end_of_links_of(tx, id, Ending::Keep).await?;
        audit::record(tx, now, by, "user.disabled", id, via).await
    });
    // Without it, as for the command line, its windows and answers end a moment later.
    app.watch.look_now();
    disabled
}

/// Opens a closed account again. Its links open with it.
///
/// # Errors
/// [`Error::NotFound`] if there is no such account.
pub async fn enable(app: &App, by: &str, id: &str, via: Via) -> Result<(), Error> {
    let now = app.now();
    write_tx!(app.db, "enable an account", |tx| {
        store::set_disabled(tx, id, None).await?;
        audit::record(tx, now, by, "user.enabled", id, via).await
    })
}

/// Makes a person an administrator, or no longer one.
///
/// # Errors
/// [`Error::NotFound`] if there is no such account; otherwise as [`keep_an_administrator`].
pub async fn set_role(app: &App, by: &str, id: &str, role: Role, via: Via) -> Result<(), Error> {
    let now = app.now();
    write_tx!(app.db, "change a role", |tx| {
        store::lock_people(tx, now).await?;
        if role == Role::Member {
            keep_an_administrator(tx, id).await?;
            one_time::end_made_by(tx, id).await?;
        }
        store::set_role(tx, id, role).await?;
        let action = if role == Role::Admin { "user.made_admin" } else { "user.made_member" };
        audit::record(tx, now, by, action, id, via).await
    })
}

/// Called under [`store::lock_people`], so that two administrators can't end each other at once.
///
/// # Errors
/// [`Error::Invalid`] if nobody who can come in would be an administrator without this account. The last person of
/// all may go: there is nobody left to be kept out.
pub async fn keep_an_administrator(tx: &mut Tx, id: &str) -> Result<(), Error> {
    let (people, admins) = store::others(tx, id).await?;
    let is_admin = store::by_id(tx, id).await?.is_admin();
    if is_admin && admins == 0 && people > 0 {
        return Err(Error::invalid("person", "This is the only administrator. Make somebody else one first."));
    }
    Ok(())
}
