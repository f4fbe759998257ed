//! The object `shared_link`.

use serde::Serialize;
use utoipa::ToSchema;

use crate::links::link::{Author, Link, PAUSED};

/// A shared link, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SharedLink {
    /// Its last part is the last segment of the address.
    #[schema(example = "link_3bXkQ2mVt8nYw5LrC7dPzF")]
    pub id: String,
    /// Always `shared_link`.
    #[schema(example = "shared_link")]
    pub object: &'static str,
    /// Unix seconds.
    #[schema(example = 1_768_478_400)]
    pub created_at: i64,
    /// Unix seconds; the last change of anything about it.
    #[schema(example = 1_768_478_400)]
    pub updated_at: i64,
    /// What visitors open. Of an assistant it begins with `/g/`.
    #[schema(example = "https://chat.example.org/share/3bXkQ2mVt8nYw5LrC7dPzF")]
    pub url: String,
    /// Its own title, apart from the conversation's; of an assistant its name.
    #[schema(example = "Campaign ideas")]
    pub title: String,
    /// What it shows.
    pub target: Target,
    /// Whether the page says who shared it.
    pub author: PageAuthor,
    /// Counts the times that its messages were cut anew, from 1.
    #[schema(example = 1)]
    pub revision: i64,
    /// Messages on the page; of an assistant none.
    #[schema(example = 12)]
    pub message_count: i64,
    /// Who can open it: `anyone` with the address, or while it is `paused` nobody.
    #[schema(example = "anyone")]
    pub access: &'static str,
    /// Unix seconds; null: not by itself.
    #[schema(required = true, example = 1_769_083_200)]
    pub expires_at: Option<i64>,
    /// How often it can be opened, counted in `views`; null: as often as people like.
    #[schema(required = true)]
    pub max_views: Option<i64>,
    /// Whether it asks for a password.
    pub has_password: bool,
    /// Whether visitors with an account here can continue it as a conversation of their own.
    #[schema(example = true)]
    pub allow_continue: bool,
    /// Page views by people who are not the owner; with `max_views`, how often it was opened.
    #[schema(example = 31)]
    pub views: i64,
    /// Unix seconds; null: never.
    #[schema(required = true, example = 1_768_479_400)]
    pub last_viewed_at: Option<i64>,
    /// Conversations that were continued from it.
    #[schema(example = 2)]
    pub copies: i64,
    /// `active`, `paused`, or `expired` when `expires_at` has passed or `views` reached `max_views`: nobody can open it unless
    /// you give it more. A link that was taken back is no object any more.
    #[schema(example = "active")]
    pub status: &'static str,
}

/// What a link shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SharedLinkTarget)]
pub struct Target {
    /// `conversation` or `assistant`.
    #[serde(rename = "type")]
    #[schema(example = "conversation")]
    pub kind: &'static str,
    /// Its id.
    #[schema(example = "conv_5kPqR8sTuVwXyZ2aBcDeFg")]
    pub id: String,
}

/// Whether the page says who shared it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SharedLinkAuthor)]
pub struct PageAuthor {
    /// `anonymous` or `name`.
    #[schema(example = "anonymous")]
    pub display: &'static str,
    /// The name on the page; null: none.
    #[schema(required = true)]
    pub name: Option<String>,
}

impl SharedLink {
    /// The link of the person with this name, at the moment `now`; addresses begin with `base`.
    pub fn of(base: &str, owner_name: &str, link: &Link, now: i64) -> Self {
        let seconds = |micros: i64| micros.div_euclid(1_000_000);
        Self {
            object: "shared_link",
            created_at: seconds(link.created_at),
            updated_at: seconds(link.updated_at),
            url: format!("{base}{}", link.path()),
            title: link.title.clone(),
            target: Target { kind: link.target_type.as_str(), id: link.target_id.clone() },
            author: PageAuthor { display: link.author.as_str(), name: (link.author == Author::Name).then(|| owner_name.to_owned()) },
            revision: link.revision,
            message_count: link.message_count,
            access: if link.paused { PAUSED } else { "anyone" },
            expires_at: link.expires_at.map(seconds),
            max_views: link.max_views(),
            has_password: link.has_password(),
            allow_continue: link.allow_continue,
            views: link.views,
            last_viewed_at: link.last_viewed_at.map(seconds),
            copies: link.copies,
            status: link.status(now),
            id: link.id.clone(),
        }
    }
}
