//! Making a link: freeze a branch into a snapshot and mint the token. Also changing it at the same address.

use super::expiry::Expiry;
use super::link::{Author, Link, TargetType};
use super::lock::{self, Half};
use super::{snapshot, store};
use crate::accounts;
use crate::accounts::user::User;
use crate::answers::{self, store::Ending};
use crate::api::repeat::Once;
use crate::app::App;
use crate::audit::{self, Via};
use crate::conversations;
use crate::conversations::take_in::Unseen;
use crate::error::Error;
use crate::http::form;
use crate::ids;
use crate::storage::Tx;
use crate::webhooks::announce::announce;
use crate::webhooks::event::{Event, EventType};
use crate::write_tx;

/// The longest title, in characters.
pub const MAX_TITLE_CHARS: usize = 200;

/// What the owner chose in the share dialog.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    /// The link's own title; `None` takes the conversation's.
    pub title: Option<String>,
    /// Named or anonymous.
    pub author: Author,
    /// Cut the branch after this message; `None` takes the whole current branch.
    pub up_to_message_id: Option<String>,
    /// When it ends by itself.
    pub expiry: Expiry,
    /// A password, or how often it can be opened.
    pub lock: lock::Wish,
    /// Nobody may continue it.
    pub read_only: bool,
}

impl Terms {
    /// # Errors
    /// [`Error::Invalid`] for what the link to an assistant can't have.
    pub fn fit_an_assistant(&self) -> Result<(), Error> {
        let change = Change { lock: self.lock.clone(), allow_continue: self.read_only.then_some(false), ..Change::default() };
        change.fits(TargetType::Assistant)
    }
}

/// What is shared.
#[derive(Clone, Copy, Debug)]
pub enum What<'a> {
    /// A conversation that is here.
    Conversation(&'a str),
    /// Messages that were never here: they become a conversation in the same transaction.
    Unseen(&'a Unseen),
}

/// Shares a conversation.
///
/// # Errors
/// [`Error::NotFound`] unless `owner` owns the conversation and it has the named message; otherwise as
/// [`snapshot::cut`].
pub async fn publish(app: &App, owner: &User, conversation_id: &str, terms: &Terms, via: Via) -> Result<Link, Error> {
    publish_once(app, owner, What::Conversation(conversation_id), terms, None, via).await
}

/// Shares a conversation or messages, once: a repeat of the request gets the link that the request made.
///
/// # Errors
/// As [`publish`]; [`Error::NotFound`] for a repeat whose link was taken back since, and otherwise as [`Once::made`].
pub async fn publish_once(app: &App, owner: &User, what: What<'_>, terms: &Terms, once: Option<&Once>, via: Via) -> Result<Link, Error> {
    let now = app.now();
    let title = terms.title.as_deref().map(|title| form::line("title", "The title", title, MAX_TITLE_CHARS)).transpose()?;
    let lock = terms.lock.hashed(app).await?;
    let made = write_tx!(app.db, "publish a link", |tx| {
        // Both rows stay locked until the commit: a delete-all or a delete of the conversation that runs at the
        // same time comes wholly before this (and it fails) or wholly after (and it takes this link too).
        let share_epoch = accounts::store::lock_share_epoch(tx, &owner.id).await?;
        if let Some(once) = once
            && let Some(link_id) = once.made(tx, &owner.id, now).await?
        {
            return store::owned(tx, &owner.id, &link_id).await;
        }
        // After that question: the repeat of a request may come when its time has passed.
        let expiry = terms.expiry.ahead_of(now)?;
        let conversation_id = match what {
            What::Conversation(id) => id.to_owned(),
            What::Unseen(unseen) => unseen.insert(tx, &owner.id, title.as_deref(), now).await?,
        };
        let conversation = conversations::store::lock_owned(tx, &owner.id, &conversation_id).await?;
        let leaf = terms.up_to_message_id.as_deref().or(conversation.current_message_id.as_deref());
        let leaf =
            leaf.ok_or_else(|| Error::invalid("conversation", "There is nothing to share yet: this conversation has no messages."))?;
        let cut = snapshot::cut(tx, &conversation_id, leaf).await?;

        let link = Link {
            id: ids::new("link"),
            target_type: TargetType::Conversation,
            target_id: conversation_id.clone(),
            revision: 1,
            message_count: i64::try_from(cut.body.messages.len()).unwrap_or(i64::MAX),
            last_message_id: cut.last_message_id.clone(),
            title: title.clone().unwrap_or_else(|| conversation.title.clone()),
            author: terms.author,
            views: 0,
            last_viewed_at: None,
            copies: 0,
            created_at: now,
            updated_at: now,
            expires_at: expiry.applied_to(None),
            paused: false,
            lock: lock.applied_to(None, 0)?,
            allow_continue: !terms.read_only,
        };
        let snapshot_id = ids::new("snap");
        store::insert_link(tx, &owner.id, share_epoch, &snapshot_id, &link).await?;
        store::insert_snapshot(tx, &snapshot_id, &link.id, &conversation_id, &cut, now).await?;
        say_made(tx, app, owner, &link, once, now, via).await?;
        Ok(link)
    });
    // What may fail comes after: the index of words and the webhooks would look by themselves a little later.
    if matches!(what, What::Unseen(_)) {
        app.jobs.wake();
    } else {
        app.jobs.wake_deliveries();
    }
    made
}

/// Inside the transaction that made a link, to whatever it leads: a repeat of the request will know of it, activity shows
/// it, and webhooks are told.
pub(super) async fn say_made(
    tx: &mut Tx,
    app: &App,
    owner: &User,
    link: &Link,
    once: Option<&Once>,
    now: i64,
    via: Via,
) -> Result<(), Error> {
    if let Some(once) = once {
        once.remember(tx, &owner.id, &link.id, now).await?;
    }
    audit::record(tx, now, &owner.id, "shared_link.created", &link.id, via).await?;
    announce(tx, &owner.id, &Event::of_link(EventType::Created, &app.config, link, now), now).await
}

/// What is to change; `None`, `Keep` and `false` leave it.
#[derive(Clone, Debug, Default)]
pub struct Change<'a> {
    /// The link's own title.
    pub title: Option<&'a str>,
    /// Named or anonymous.
    pub author: Option<Author>,
    /// When it ends by itself.
    pub expiry: Expiry,
    /// Nobody can open it, or they can again; only of an assistant.
    pub paused: Option<bool>,
    /// Its password, or how often it can be opened; only of a conversation.
    pub lock: lock::Wish,
    /// Whether visitors may continue it; only of a conversation.
    pub allow_continue: Option<bool>,
    /// Cut the next revision from the conversation as it is now, at the same address. The snapshot before it is
    /// deleted: what is no longer shown is no longer kept.
    pub latest: bool,
}

impl Change<'_> {
    /// Only the latest messages.
    pub fn latest() -> Self {
        Self { latest: true, ..Self::default() }
    }

    fn is_empty(&self) -> bool {
        let kept = self.title.is_none() && self.author.is_none() && self.expiry == Expiry::Keep && self.paused.is_none();
        kept && self.lock.is_empty() && self.allow_continue.is_none() && !self.latest
    }
}

/// Changes a link: all of what is asked for, or nothing.
///
/// # Errors
/// [`Error::NotFound`] unless `owner` owns the link and, for its latest messages, its conversation still exists;
/// otherwise as [`snapshot::cut`].
pub async fn change(app: &App, owner: &User, link_id: &str, change: Change<'_>, via: Via) -> Result<Link, Error> {
    let now = app.now();
    let title = change.title.map(|title| form::line("title", "The title", title, MAX_TITLE_CHARS)).transpose()?;
    let lock = change.lock.hashed(app).await?;
    // Before views are limited, those of a moment ago have to be counted.
    if change.lock.max_views != Half::Keep {
        app.views.write_down(&app.db).await?;
    }
    let changed = write_tx!(app.db, "change a link", |tx| {
        let mut link = store::lock_owned(tx, &owner.id, link_id).await?;
        if change.is_empty() {
            return Ok(link);
        }
        change.fits(link.target_type)?;
        link.title = title.clone().unwrap_or(link.title);
        link.author = change.author.unwrap_or(link.author);
        link.allow_continue = change.allow_continue.unwrap_or(link.allow_continue);
        link.updated_at = now;
        store::set_face(tx, &owner.id, &link).await?;
        if change.expiry != Expiry::Keep {
            link.expires_at = change.expiry.ahead_of(now)?.applied_to(link.expires_at);
            store::set_expiry(tx, &owner.id, &link).await?;
        }
        if !change.lock.is_empty() {
            let locked = lock.applied_to(link.lock.clone(), link.views)?;
            if locked != link.lock {
                link.lock = locked;
                store::set_lock(tx, &owner.id, &link, now).await?;
            }
        }
        if let Some(paused) = change.paused.filter(|paused| *paused != link.paused) {
            pause(tx, owner, &mut link, paused, now, via).await?;
        }
        if change.latest {
            cut_again(tx, owner, &mut link, now).await?;
        }
        audit::record(tx, now, &owner.id, "shared_link.updated", &link.id, via).await?;
        announce(tx, &owner.id, &Event::of_link(EventType::Updated, &app.config, &link, now), now).await?;
        Ok(link)
    })?;
    // Without it, answers to visitors of a paused link end half a second later, and webhooks look a little later.
    if changed.paused {
        app.watch.look_now();
    }
    app.jobs.wake_deliveries();
    Ok(changed)
}

impl Change<'_> {
    /// # Errors
    /// [`Error::Invalid`] for what can't be changed about a link to such a target.
    fn fits(&self, target_type: TargetType) -> Result<(), Error> {
        match target_type {
            TargetType::Conversation if self.paused == Some(true) => {
                Err(Error::invalid("access", "Only the link to an assistant can be paused. Delete this one, or let it end by itself."))
            }
            TargetType::Assistant if matches!(self.lock.password, Half::With(_)) => {
                Err(Error::invalid("password", "The link to an assistant can't have a password. Pause it, or set its caps."))
            }
            TargetType::Assistant if matches!(self.lock.max_views, Half::With(_)) => {
                Err(Error::invalid("max_views", "What visitors take of an assistant is limited by the caps of its link, not by views."))
            }
            TargetType::Assistant if self.allow_continue == Some(false) => {
                Err(Error::invalid("allow_continue", "Talking to an assistant can't be switched off. Pause its link."))
            }
            TargetType::Assistant if self.latest => {
                Err(Error::invalid("snapshot", "A link to an assistant always leads to the version that is published."))
            }
            TargetType::Assistant if self.title.is_some() => {
                Err(Error::invalid("title", "A link to an assistant is called as the assistant is. Rename the assistant."))
            }
            TargetType::Conversation | TargetType::Assistant => Ok(()),
        }
    }
}

async fn pause(tx: &mut Tx, owner: &User, link: &mut Link, paused: bool, now: i64, via: Via) -> Result<(), Error> {
    link.paused = paused;
    store::set_paused(tx, &owner.id, link).await?;
    if paused {
        answers::store::ask_to_end_of_link(tx, &link.id, Ending::Keep).await?;
    }
    audit::record(tx, now, &owner.id, if paused { "shared_link.paused" } else { "shared_link.resumed" }, &link.id, via).await
}

async fn cut_again(tx: &mut Tx, owner: &User, link: &mut Link, now: i64) -> Result<(), Error> {
    let conversation = conversations::store::lock_owned(tx, &owner.id, &link.target_id).await?;
    let leaf = conversation.current_message_id.as_deref().ok_or(Error::NotFound)?;
    let cut = snapshot::cut(tx, &conversation.id, leaf).await?;
    let snapshot_id = ids::new("snap");
    link.revision += 1;
    link.message_count = i64::try_from(cut.body.messages.len()).unwrap_or(i64::MAX);
    link.last_message_id.clone_from(&cut.last_message_id);
    store::set_revision(tx, &owner.id, link, &snapshot_id).await?;
    store::delete_snapshots_but(tx, &link.id, &snapshot_id).await?;
    store::insert_snapshot(tx, &snapshot_id, &link.id, &conversation.id, &cut, now).await
}
