//! Switching branches: a sibling of a shown message, and below it the newest leaf, become the current branch.

use super::{siblings, store};
use crate::accounts::user::User;
use crate::app::App;
use crate::error::Error;
use crate::write_tx;

/// Makes the newest leaf below `message_id` the current one. Links show what was cut before and don't change.
///
/// # Errors
/// [`Error::NotFound`] unless `owner` owns the conversation and it has the message.
pub async fn switch(app: &App, owner: &User, conversation_id: &str, message_id: &str) -> Result<(), Error> {
    write_tx!(app.db, "switch branches", |tx| {
        store::lock_owned(tx, &owner.id, conversation_id).await?;
        let leaf = siblings::newest_leaf(tx, conversation_id, message_id).await?;
        store::set_current(tx, &owner.id, conversation_id, &leaf).await
    })
}
