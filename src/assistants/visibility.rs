//! Who sees it in the library: its editors alone, or every member of this server. Links are apart from it.

use super::store;
use crate::accounts::user::User;
use crate::app::App;
use crate::audit::{self, Via};
use crate::error::Error;
use crate::write_tx;

/// Lists it for members, or not.
///
/// # Errors
/// As [`store::owned`]; [`Error::Invalid`] while there is nothing that members could use.
pub async fn set(app: &App, owner: &User, id: &str, listed: bool, via: Via) -> Result<(), Error> {
    let now = app.now();
    write_tx!(app.db, "list an assistant", |tx| {
        store::lock_editable(tx, &owner.id, id).await?;
        let assistant = store::owned(tx, &owner.id, id).await?;
        if listed && assistant.published == 0 {
            return Err(Error::invalid("visibility", "Publish the assistant first: members get what is published."));
        }
        store::set_visibility(tx, &owner.id, id, if listed { "listed" } else { "private" }).await?;
        audit::record(tx, now, &owner.id, if listed { "assistant.listed" } else { "assistant.unlisted" }, id, via).await
    })
}
