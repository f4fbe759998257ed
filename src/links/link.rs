//! What a link is, in memory.

use sha2::{Digest, Sha256};
use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::lock::{self, Lock};
use crate::ids;

/// What stands in the place of `anyone` while a link is paused.
pub const PAUSED: &str = "paused";

/// Whether a link says who shared it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Author {
    /// No byte of any surface leads to the owner.
    #[default]
    Anonymous,
    /// The owner's name stands on the page.
    Name,
}

impl Author {
    /// As it is stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Name => "name",
        }
    }

    /// Anything but `name` is anonymous: the safe reading.
    pub fn parse(text: &str) -> Self {
        if text == "name" { Self::Name } else { Self::Anonymous }
    }
}

/// What a link leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetType {
    /// A copy of a conversation's branch, to be read.
    Conversation,
    /// An assistant, to be talked to.
    Assistant,
}

impl TargetType {
    /// As it is stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Conversation => "conversation",
            Self::Assistant => "assistant",
        }
    }

    fn parse(text: &str) -> Self {
        if text == "assistant" { Self::Assistant } else { Self::Conversation }
    }
}

/// A link as its owner sees it.
#[derive(Clone, Debug)]
pub struct Link {
    /// `link_…`
    pub id: String,
    /// What it leads to.
    pub target_type: TargetType,
    /// The conversation that it was cut from, or the assistant.
    pub target_id: String,
    /// Which cut shows now, from 1. Of an assistant everybody gets the published version.
    pub revision: i64,
    /// Messages on the page.
    pub message_count: i64,
    /// Where the branch was cut.
    pub last_message_id: String,
    /// Its own title, apart from the conversation's.
    pub title: String,
    /// Named or anonymous.
    pub author: Author,
    /// Page views by people who are not the owner.
    pub views: i64,
    /// Unix microseconds; `None`: never opened.
    pub last_viewed_at: Option<i64>,
    /// Conversations that were continued from it.
    pub copies: i64,
    /// Unix microseconds.
    pub created_at: i64,
    /// Unix microseconds; the last change of anything that its owner chose, or of its snapshot.
    pub updated_at: i64,
    /// Unix microseconds; `None`: not by itself.
    pub expires_at: Option<i64>,
    /// Nobody can open it until its owner resumes it.
    pub paused: bool,
    /// What visitors have to do before they see anything; `None`: nothing.
    pub lock: Option<Lock>,
    /// Whether a visitor may continue it.
    pub allow_continue: bool,
}

impl Link {
    /// The page's path on this server.
    pub fn path(&self) -> String {
        path(self.target_type, &self.id)
    }

    /// Whether anyone can open it, in the API's word: `active`, `paused` or `expired`.
    pub fn status(&self, now: i64) -> &'static str {
        match (self.is_expired(now), self.paused) {
            (true, _) => "expired",
            (false, true) => PAUSED,
            (false, false) => "active",
        }
    }

    /// Whether it has ended by itself: its time has come, or its views are used up.
    pub fn is_expired(&self, now: i64) -> bool {
        self.expires_at.is_some_and(|at| at <= now) || self.is_used_up()
    }

    /// Whether visitors are asked for a password.
    pub fn has_password(&self) -> bool {
        self.lock.as_ref().is_some_and(|lock| lock.password_hash.is_some())
    }

    /// How often it can be opened; `None`: as often as people like.
    pub fn max_views(&self) -> Option<i64> {
        self.lock.as_ref().and_then(|lock| lock.max_views)
    }

    /// Whether it has been opened as often as it can be.
    pub fn is_used_up(&self) -> bool {
        self.lock.as_ref().is_some_and(|lock| lock.is_used_up(self.views))
    }
}

/// The path of a link's page.
pub fn path(target_type: TargetType, link_id: &str) -> String {
    match target_type {
        TargetType::Conversation => format!("/share/{}", ids::token_of(link_id)),
        TargetType::Assistant => format!("/g/{}", ids::token_of(link_id)),
    }
}

impl<'r> FromRow<'r, AnyRow> for Link {
    fn from_row(row: &'r AnyRow) -> Result<Self, sqlx::Error> {
        let last_viewed_at: i64 = row.try_get("last_viewed_at")?;
        Ok(Self {
            id: row.try_get("id")?,
            target_type: TargetType::parse(row.try_get("target_type")?),
            target_id: row.try_get("target_id")?,
            revision: row.try_get("revision")?,
            message_count: row.try_get("message_count")?,
            last_message_id: row.try_get("last_message_id")?,
            title: row.try_get("title")?,
            author: Author::parse(row.try_get("author")?),
            views: row.try_get("views")?,
            last_viewed_at: (last_viewed_at > 0).then_some(last_viewed_at),
            copies: row.try_get("copies")?,
            created_at: row.try_get("created_at")?,
            updated_at: row.try_get("updated_at")?,
            expires_at: row.try_get("expires_at")?,
            paused: row.try_get::<&str, _>("access")? == PAUSED,
            lock: lock::of_row(row)?,
            allow_continue: row.try_get::<i64, _>("allow_continue")? != 0,
        })
    }
}

/// A link that the gate found open: what a visitor's page needs, and the owner's id to not count their own views.
#[derive(Clone, Debug)]
pub struct OpenLink {
    /// `link_…`
    pub id: String,
    /// What it leads to.
    pub target_type: TargetType,
    /// Its id; of an assistant it is never shown.
    pub target_id: String,
    /// Never shown.
    pub owner_id: String,
    /// The snapshot that shows now; an assistant has none.
    pub snapshot_id: String,
    /// The page's title.
    pub title: String,
    /// The owner's name, if the link says who shared it.
    pub shared_by: Option<String>,
    /// Messages on the page.
    pub message_count: i64,
    /// Whether a visitor may continue it.
    pub allow_continue: bool,
    /// Unix microseconds; the gate compares it.
    pub expires_at: Option<i64>,
    /// What visitors have to do before they see anything; the gate asks for their proof that they did.
    pub lock: Option<Lock>,
    /// Whether the lock lets nobody new in.
    pub used_up: bool,
    /// Unix microseconds.
    pub created_at: i64,
    /// Names the rendered page: everything that shows on it went into it, so it changes when the page would.
    pub page_key: PageKey,
}

/// SHA-256 over what a page shows, shortened to 128 bits.
pub type PageKey = [u8; 16];

impl<'r> FromRow<'r, AnyRow> for OpenLink {
    fn from_row(row: &'r AnyRow) -> Result<Self, sqlx::Error> {
        let author = Author::parse(row.try_get("author")?);
        let lock = lock::of_row(row)?;
        let views: i64 = row.try_get("views")?;
        let mut link = Self {
            id: row.try_get("id")?,
            target_type: TargetType::parse(row.try_get("target_type")?),
            target_id: row.try_get("target_id")?,
            owner_id: row.try_get("owner_id")?,
            snapshot_id: row.try_get("snapshot_id")?,
            title: row.try_get("title")?,
            shared_by: if author == Author::Name { Some(row.try_get("owner_name")?) } else { None },
            message_count: row.try_get("message_count")?,
            allow_continue: row.try_get::<i64, _>("allow_continue")? != 0,
            expires_at: row.try_get("expires_at")?,
            used_up: lock.as_ref().is_some_and(|lock| lock.is_used_up(views)),
            lock,
            created_at: row.try_get("created_at")?,
            page_key: PageKey::default(),
        };
        link.page_key = page_key(&link);
        Ok(link)
    }
}

fn page_key(link: &OpenLink) -> PageKey {
    let mut hash = Sha256::new();
    let mut add = |bytes: &[u8]| {
        hash.update(bytes.len().to_le_bytes());
        hash.update(bytes);
    };
    add(&takeback_markdown::RENDERER_VERSION.to_le_bytes());
    add(crate::pages::version().as_bytes());
    add(link.id.as_bytes());
    add(link.snapshot_id.as_bytes());
    add(link.title.as_bytes());
    add(link.shared_by.as_deref().unwrap_or_default().as_bytes());
    add(&[u8::from(link.shared_by.is_some()), u8::from(link.allow_continue)]);
    let mut key = PageKey::default();
    key.copy_from_slice(&hash.finalize()[..16]);
    key
}
