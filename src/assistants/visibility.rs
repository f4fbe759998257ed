//! Who sees it in the library: its editors alone, or every member of this server. Links are apart from it.

use super::store;
use crate::accounts::user::User;
use crate::audit::{self, Via};
use crate::error::Error;
use crate::storage::Tx;

/// Lists it for members, or not, inside the transaction that holds its row.
///
/// # Errors
/// As [`store::owned`]; [`Error::Invalid`] while there is nothing that members could use.
pub async fn apply(tx: &mut Tx, owner: &User, id: &str, listed: bool, now: i64, via: Via) -> Result<(), Error> {
    let assistant = store::owned(tx, &owner.id, id).await?;
    if listed && assistant.published == 0 {
        return Err(Error::invalid("visibility", "Publish the assistant first: members get what is published."));
    }
    store::set_visibility(tx, &owner.id, id, if listed { "listed" } else { "private" }).await?;
    audit::record(tx, now, &owner.id, if listed { "assistant.listed" } else { "assistant.unlisted" }, id, via).await
}
