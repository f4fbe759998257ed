//! A guest who gets an account takes along what they said: it becomes a conversation of theirs like any other.

use sqlx::Row;

use super::cookie::{self, Secret};
use super::store;
use crate::audit::{self, Via};
use crate::error::Error;
use crate::ids;
use crate::search::index;
use crate::storage::Tx;

/// What somebody left at a link before they had an account.
#[derive(Clone, Debug)]
pub struct Left {
    link_id: String,
    token_hash: Vec<u8>,
}

impl Left {
    /// What the browser with this cookie left at this link, if it has one.
    pub fn at(link_id: &str, secret: &Secret) -> Option<Self> {
        let secret = secret.0.as_deref()?;
        Some(Self { link_id: link_id.to_owned(), token_hash: cookie::hash(link_id, secret) })
    }

    /// The same for a person at a door who wants to go back to where they came from, when that is a link to an assistant.
    pub fn named_by(next: &str, secret: &Secret) -> Option<Self> {
        let token = next.strip_prefix("/g/")?.split(['/', '?', '#']).next()?;
        Self::at(&ids::link_id_from_token(token)?, secret)
    }
}

/// Gives what was left to this person; answers the conversation's id, if there is one. The guest is no more. Whether the
/// link is still open does not matter: what was said is theirs.
pub async fn take_along(tx: &mut Tx, user_id: &str, left: &Left, now: i64) -> Result<Option<String>, Error> {
    let Some(guest) = store::of_link(tx, &left.link_id, &left.token_hash).await? else { return Ok(None) };
    let query = "UPDATE conversations SET owner_id = $1, updated_at = $2 WHERE owner_id = $3 RETURNING id";
    let rows = sqlx::query(query).bind(user_id).bind(now).bind(&guest.user.id).fetch_all(&mut *tx).await?;
    store::forget(tx, &guest.user.id, now).await?;
    let mut kept = None;
    for row in rows {
        let id: String = row.try_get("id")?;
        index::enqueue(tx, &id, now).await?;
        audit::record(tx, now, user_id, "conversation.continued", &id, Via::Web).await?;
        kept = Some(id);
    }
    Ok(kept)
}
