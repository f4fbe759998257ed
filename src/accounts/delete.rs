//! Deleting an account: the links end with the commit, the words go with the clean-up that follows.

use super::user::User;
use super::visitor::Visitor;
use super::{change_password, one_time, people, sessions, store};
use crate::answers::{self, store::Ending};
use crate::app::App;
use crate::audit::{self, Via};
use crate::error::Error;
use crate::jobs::queue::{self, Kind};
use crate::links::revoke;
use crate::storage::Tx;
use crate::write_tx;

/// Deletes one's own account, after the password was asked for once more.
///
/// # Errors
/// As [`change_password::confirm`] and [`people::keep_an_administrator`].
pub async fn delete_own(app: &App, user: &User, password: &str, visitor: &Visitor) -> Result<(), Error> {
    let compared = change_password::confirm(app, user, "password", password, visitor).await?;
    let now = app.now();
    let deleted = write_tx!(app.db, "delete one's own account", |tx| {
        store::lock_people(tx, now).await?;
        change_password::hold(tx, user, "password", &compared).await?;
        delete_in(tx, &user.id, &user.id, now, Via::Web).await
    });
    app.jobs.wake();
    app.watch.look_now();
    deleted
}

/// Deletes an account; `by` is who does it.
///
/// # Errors
/// [`Error::NotFound`] if it is gone already; otherwise as [`people::keep_an_administrator`].
pub async fn delete(app: &App, by: &str, id: &str, via: Via) -> Result<(), Error> {
    let now = app.now();
    let deleted = write_tx!(app.db, "delete an account", |tx| {
        store::lock_people(tx, now).await?;
        delete_in(tx, by, id, now, via).await
    });
    // What may fail comes after: without it the clean-up begins a few seconds later.
    app.jobs.wake();
    app.watch.look_now();
    deleted
}

/// Called under [`store::lock_people`].
async fn delete_in(tx: &mut Tx, by: &str, id: &str, now: i64, via: Via) -> Result<(), Error> {
    people::keep_an_administrator(tx, id).await?;
    revoke::end_all_of_owner(tx, id, now).await?;
    answers::store::ask_all_to_end(tx, id, Ending::Forget).await?;
    store::set_deleted(tx, id, now).await?;
    sessions::end_all_but(tx, id, "", now, via).await?;
    one_time::end_resets_of(tx, id).await?;
    one_time::end_made_by(tx, id).await?;
    audit::record(tx, now, by, "user.deleted", id, via).await?;
    queue::enqueue(tx, Kind::PurgeUser, id, now).await
}
