//! Continue: a visitor with an account gets the snapshot as a conversation of their own, private, and unaffected by
//! anything the owner does later.

use std::collections::HashMap;

use takeback_transcripts::Part;

use super::link::OpenLink;
use super::snapshot::{self, Body};
use super::store;
use crate::accounts::user::User;
use crate::app::App;
use crate::audit::{self, Via};
use crate::conversations::create::{self, NewConversation, NewMessage};
use crate::error::Error;
use crate::ids;
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
    write_tx!(app.db, "continue a shared conversation", |tx| {
        // Holds the link until the commit, so the copy is of a link that is open, or isn't made.
        store::count_copy(tx, &link.id, &link.owner_id).await?;
        let body = snapshot::load(tx, &link.snapshot_id).await?;
        let (messages, files) = own(body);
        let new = NewConversation { title: &link.title, source: Some("link"), source_id: None, messages: &messages };
        let id = create::insert(tx, &visitor.id, &new, now).await?;
        for (from, to) in &files {
            store::copy_file(tx, &link.snapshot_id, from, &id, to, now).await?;
        }
        audit::record(tx, now, &visitor.id, "conversation.continued", &id, Via::Web).await?;
        Ok(id)
    })
}

/// The messages with files of their own, and which file becomes which.
fn own(body: Body) -> (Vec<NewMessage>, HashMap<String, String>) {
    let mut files = HashMap::new();
    let messages = body.messages.into_iter().map(|mut message| {
        for part in &mut message.parts {
            if let Part::Image { file, .. } = part {
                file.clone_from(files.entry(file.clone()).or_insert_with(|| ids::new("file")));
            }
        }
        NewMessage { role: message.role, model: message.model, parts: message.parts }
    });
    (messages.collect(), files)
}
