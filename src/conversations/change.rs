//! Changing a conversation for a program: its title, the branch that is current, or both at once.

use super::rename::MAX_TITLE_CHARS;
use super::{siblings, store};
use crate::accounts::user::User;
use crate::answers;
use crate::app::App;
use crate::error::Error;
use crate::http::form;
use crate::search::index;
use crate::write_tx;

/// What is to change; `None` leaves it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Change<'a> {
    /// Its title.
    pub title: Option<&'a str>,
    /// A message; the newest end below it becomes the end of the current branch.
    pub message_id: Option<&'a str>,
}

/// Changes it: all of what is asked for, or nothing.
///
/// # Errors
/// [`Error::NotFound`] unless `owner` owns the conversation; [`Error::BadRequest`] unless it has the message;
/// [`Error::Invalid`] for a title that can't be one, and for another branch while an answer is being written.
pub async fn change(app: &App, owner: &User, id: &str, change: Change<'_>) -> Result<(), Error> {
    let title = change.title.map(|title| form::line("title", "The title", title, MAX_TITLE_CHARS)).transpose()?;
    let now = app.now();
    let leaf = write_tx!(app.db, "change a conversation", |tx| {
        store::lock_owned(tx, &owner.id, id).await?;
        if let Some(title) = &title {
            store::set_title(tx, &owner.id, id, title).await?;
            index::enqueue(tx, id, now).await?;
        }
        let Some(message_id) = change.message_id else { return Ok(None) };
        answers::store::refuse_while_running(tx, id).await?;
        // PostgreSQL has no text for U+0000, and no id has it.
        let leaf = if message_id.contains('\0') { Err(Error::NotFound) } else { siblings::newest_leaf(tx, id, message_id).await };
        let leaf = leaf.map_err(|error| match error {
            Error::NotFound => Error::bad_param("current_message_id", "The conversation has no such message."),
            other => other,
        })?;
        store::set_current(tx, &owner.id, id, &leaf).await?;
        Ok(Some(leaf))
    })?;
    // Open windows and the index of words; without this they follow a few seconds later.
    app.jobs.wake();
    if let Some(channel) = app.answers.find(id) {
        channel.change(|state| {
            state.title = title.map(Into::into).or(state.title.take());
            state.leaf = leaf.map(Into::into).or(state.leaf.take());
        });
    }
    Ok(())
}
