//! Giving out an assistant: a link by which anybody can talk to it, with caps on what that costs its owner.

use super::expiry::Expiry;
use super::link::{Author, Link, TargetType};
use super::publish::say_made;
use super::store;
use crate::accounts;
use crate::accounts::user::User;
use crate::api::repeat::Once;
use crate::app::App;
use crate::assistants;
use crate::audit::Via;
use crate::error::Error;
use crate::guests::caps::{self, Caps};
use crate::ids;
use crate::write_tx;

/// What the owner chose.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// Named or anonymous.
    pub author: Author,
    /// When it ends by itself.
    pub expiry: Expiry,
}

/// Makes the link, once: a repeat of the request gets the link that the request made.
///
/// # Errors
/// As [`assistants::store::owned`]; [`Error::Invalid`] while there is nothing that visitors could talk to;
/// [`Error::NotFound`] for a repeat whose link was taken back since, and otherwise as [`Once::made`].
pub async fn give_out(app: &App, owner: &User, assistant_id: &str, terms: Terms, once: Option<&Once>, via: Via) -> Result<Link, Error> {
    let now = app.now();
    let made = write_tx!(app.db, "give out an assistant", |tx| {
        // Both rows stay locked until the commit: a delete-all or a delete of the assistant that runs at the same time
        // comes wholly before this (and it fails) or wholly after (and it takes this link too).
        let share_epoch = accounts::store::lock_share_epoch(tx, &owner.id).await?;
        if let Some(once) = once
            && let Some(link_id) = once.made(tx, &owner.id, now).await?
        {
            return store::owned(tx, &owner.id, &link_id).await;
        }
        let expiry = terms.expiry.ahead_of(now)?;
        assistants::store::lock_editable(tx, &owner.id, assistant_id).await?;
        let assistant = assistants::store::owned(tx, &owner.id, assistant_id).await?;
        if assistant.published == 0 {
            return Err(Error::invalid("assistant", "Publish the assistant first: visitors talk to what is published."));
        }
        let link = Link {
            id: ids::new("link"),
            target_type: TargetType::Assistant,
            target_id: assistant.id,
            revision: 1,
            message_count: 0,
            last_message_id: String::new(),
            title: assistants::store::version(tx, assistant_id, assistant.published).await?.face.name,
            author: terms.author,
            views: 0,
            last_viewed_at: None,
            copies: 0,
            created_at: now,
            updated_at: now,
            expires_at: expiry.applied_to(None),
            paused: false,
            lock: None,
            allow_continue: true,
        };
        store::insert_link(tx, &owner.id, share_epoch, "", &link).await?;
        // Without caps the link would let nobody in.
        caps::set(tx, &link.id, &Caps::default()).await?;
        say_made(tx, app, owner, &link, once, now, via).await?;
        Ok(link)
    });
    app.jobs.wake_deliveries();
    made
}
