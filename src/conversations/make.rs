//! Making a conversation for a program, once however often the request is sent.

use super::create::{self, NewConversation};
use super::rename::MAX_TITLE_CHARS;
use super::take_in::Unseen;
use crate::accounts;
use crate::accounts::user::User;
use crate::api::repeat::Once;
use crate::app::App;
use crate::error::Error;
use crate::http::form;
use crate::write_tx;

/// The title of one in which nothing was said yet.
const TITLE: &str = "New chat";

/// Makes it, of messages or empty; answers its id.
///
/// # Errors
/// [`Error::Invalid`] for a title that can't be one; otherwise as [`Once::made`].
pub async fn make(app: &App, owner: &User, title: Option<&str>, messages: Option<&Unseen>, once: Option<&Once>) -> Result<String, Error> {
    let title = title.map(|title| form::line("title", "The title", title, MAX_TITLE_CHARS)).transpose()?;
    let now = app.now();
    let made = write_tx!(app.db, "make a conversation", |tx| {
        accounts::store::lock_share_epoch(tx, &owner.id).await?;
        if let Some(once) = once
            && let Some(id) = once.made(tx, &owner.id, now).await?
        {
            return Ok(id);
        }
        let id = if let Some(messages) = messages {
            messages.insert(tx, &owner.id, title.as_deref(), now).await?
        } else {
            let new = NewConversation { title: title.as_deref().unwrap_or(TITLE), source: None, source_id: None, messages: &[] };
            create::insert(tx, &owner.id, &new, now).await?
        };
        if messages.is_none() && title.is_none() {
            // So that the first answer may bring a better one.
            sqlx::query("UPDATE conversations SET server_title = title WHERE id = $1").bind(&id).execute(&mut *tx).await?;
        }
        if let Some(once) = once {
            once.remember(tx, &owner.id, &id, now).await?;
        }
        Ok(id)
    });
    // May fail: the index of words would look by itself a little later.
    app.jobs.wake();
    made
}
