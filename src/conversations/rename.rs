//! Renaming a conversation. Its links keep their own titles.

use super::store;
use crate::accounts::user::User;
use crate::app::App;
use crate::error::Error;
use crate::http::form;
use crate::search::index;
use crate::write_tx;

/// The longest title, in characters.
pub const MAX_TITLE_CHARS: usize = 200;

/// Gives the conversation another title.
///
/// # Errors
/// [`Error::Invalid`] for an empty or too long title; [`Error::NotFound`] unless `owner` owns the conversation.
pub async fn rename(app: &App, owner: &User, id: &str, title: &str) -> Result<(), Error> {
    let title = form::line("title", "The title", title, MAX_TITLE_CHARS)?;
    let now = app.now();
    let renamed = write_tx!(app.db, "rename a conversation", |tx| {
        store::set_title(tx, &owner.id, id, &title).await?;
        index::enqueue(tx, id, now).await
    });
    app.jobs.wake();
    if renamed.is_ok()
        && let Some(channel) = app.answers.find(id)
    {
        channel.change(|state| state.title = Some(title.into()));
    }
    renamed
}
