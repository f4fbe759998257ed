//! What goes by itself after a while: guests and sessions that nobody uses, one-time links that are too old, requests
//! that nobody repeats any more, events of long ago, what webhooks were told.

use crate::accounts::{one_time, sessions};
use crate::api::repeat;
use crate::app::App;
use crate::audit;
use crate::error::Error;
use crate::guests;
use crate::webhooks;
use crate::write_tx;

/// Removes them.
pub async fn run(app: &App) -> Result<(), Error> {
    let now = app.now();
    write_tx!(app.db, "sweep", |tx| {
        sessions::sweep(tx, now).await?;
        one_time::sweep(tx, now).await?;
        repeat::sweep(tx, now).await
    })?;
    guests::sweep::run(app).await?;
    audit::sweep::run(app).await?;
    webhooks::sweep::run(app).await
}

/// Takes what was removed out of the database's files too.
///
/// # Errors
/// [`Error::Unavailable`] while a reader is in the way.
pub async fn erase(app: &App) -> Result<(), Error> {
    if app.db.compact().await? { Ok(()) } else { Err(Error::Unavailable) }
}
