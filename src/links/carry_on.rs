//! Continue: a visitor with an account gets the snapshot as a conversation of their own, private, and unaffected by
//! anything the owner does later.

use super::link::OpenLink;
use super::lock::Lock;
use super::snapshot;
use super::store;
use crate::accounts;
use crate::accounts::user::User;
use crate::app::App;
use crate::audit::{self, Via};
use crate::conversations::create::{self, NewConversation, NewMessage};
use crate::error::Error;
use crate::write_tx;

/// Copies what `link` shows into a new conversation of `visitor`; answers its id.
///
/// # Errors
/// [`Error::Gone`] if the link was taken back before the copy was whole; nothing is copied then.
pub async fn carry_on(app: &App, visitor: &User, link: &OpenLink) -> Result<String, Error> {
    if !link.allow_continue {
        return Err(Error::Forbidden("Whoever shared this conversation does not let it be continued."));
    }
    let now = app.now();
    let copied = write_tx!(app.db, "continue a shared conversation", |tx| {
        // Both rows are held until the commit, so the copy is of a link that is open, or isn't made.
        accounts::store::lock_share_epoch(tx, &link.owner_id).await.map_err(Error::or_gone)?;
        let snapshot_id = store::count_copy(tx, &link.id, link.lock.as_ref().map(Lock::key), now).await?;
        let mut body = snapshot::load(tx, &snapshot_id).await?;
        let files = body.rename_files();
        let messages: Vec<NewMessage> = body
            .messages
            .into_iter()
            .map(|m| NewMessage { role: m.role, model: m.model, parts: m.parts, incomplete: m.incomplete })
            .collect();
        let new = NewConversation { title: &link.title, source: Some("link"), source_id: None, messages: &messages };
        let id = create::insert(tx, &visitor.id, &new, now).await?;
        for (from, to) in &files {
            store::copy_file(tx, &snapshot_id, from, &id, to, now).await?;
        }
        audit::record(tx, now, &visitor.id, "conversation.continued", &id, Via::Web).await?;
        Ok(id)
    });
    // For the index of words; without it the copy is found a few seconds later.
    app.jobs.wake();
    copied
}
