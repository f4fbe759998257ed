//! The stretch of a conversation around one message, for who comes from a search: whichever branch it is on, and
//! without switching to it.

use super::branch::{self, Node};
use super::siblings;
use super::thread::{LOOKED_AT, SHOWN};
use crate::error::Error;
use crate::storage::Tx;

/// Messages shown after it.
const AFTER: usize = 20;
/// How far back the current branch is followed to see whether the message is on it.
const FOLLOWED: usize = 20_000;

/// Why what is shown is not the end of the current branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Elsewhere {
    /// It is an earlier part of it.
    Earlier,
    /// It is another branch, the one with this message.
    Branch(String),
}

/// The messages around one, in reading order.
///
/// # Errors
/// [`Error::NotFound`] if the conversation has no such message.
pub async fn nodes(
    tx: &mut Tx,
    conversation_id: &str,
    current: Option<&str>,
    message_id: &str,
) -> Result<(Vec<Node>, Option<Elsewhere>), Error> {
    // Before anything is read from it: the message is of this conversation.
    let newest = siblings::newest_leaf(tx, conversation_id, message_id).await?;
    let is_it = |node: &Node| node.id == message_id;
    let mut nodes = match current {
        Some(current) => branch::nodes(tx, conversation_id, current, FOLLOWED).await?,
        None => Vec::new(),
    };
    let is_current = nodes.iter().any(is_it);
    if !is_current {
        nodes = branch::nodes(tx, conversation_id, &newest, FOLLOWED).await?;
    }
    if !nodes.iter().any(is_it) {
        // Further back than was followed: it is the last of what is shown.
        nodes = branch::nodes(tx, conversation_id, message_id, LOOKED_AT + 1).await?;
    }
    let at = nodes.iter().position(is_it).unwrap_or_default();
    let is_at_the_end = nodes.len() - at <= SHOWN;
    if !is_at_the_end {
        nodes.truncate(at + 1 + AFTER);
    }
    nodes.drain(..nodes.len().saturating_sub(LOOKED_AT + 1));
    let elsewhere = match (is_current, is_at_the_end) {
        (true, true) => None,
        (true, false) => Some(Elsewhere::Earlier),
        (false, _) => Some(Elsewhere::Branch(message_id.to_owned())),
    };
    Ok((nodes, elsewhere))
}
