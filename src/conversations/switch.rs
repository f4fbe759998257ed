//! Switching branches: a sibling of a shown message, and below it the newest leaf, become the current branch.

use super::{siblings, store};
use crate::accounts::user::User;
use crate::answers;
use crate::app::App;
use crate::error::Error;
use crate::write_tx;

/// Makes the newest leaf below `message_id` the current one. Links show what was cut before and don't change.
///
/// # Errors
/// [`Error::NotFound`] unless `owner` owns the conversation and it has the message; [`Error::Invalid`] while an answer
/// is being written.
pub async fn switch(app: &App, owner: &User, conversation_id: &str, message_id: &str) -> Result<(), Error> {
    let leaf = write_tx!(app.db, "switch branches", |tx| {
        store::lock_owned(tx, &owner.id, conversation_id).await?;
        answers::store::refuse_while_running(tx, conversation_id).await?;
        let leaf = siblings::newest_leaf(tx, conversation_id, message_id).await?;
        store::set_current(tx, &owner.id, conversation_id, &leaf).await?;
        Ok(leaf)
    })?;
    // The other windows; without this they are told a few seconds later.
    if let Some(channel) = app.answers.find(conversation_id) {
        channel.change(|state| state.leaf = Some(leaf.into()));
    }
    Ok(())
}
