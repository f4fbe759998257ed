//! How far a link is behind its conversation: how many messages "Update to the latest messages" would add.

use std::collections::HashSet;

use super::link::Link;
use super::snapshot::MAX_MESSAGES;
use crate::conversations::branch::{self, Node};
use crate::error::Error;
use crate::storage::Tx;

/// Whether visitors would see this message.
pub fn shows(node: &Node) -> bool {
    node.hidden == 0 && (node.role == "user" || node.role == "assistant")
}

/// Visible messages of the current `branch` that the link's cut doesn't have. If the conversation has gone on along
/// another branch, those after the place where the two part.
pub async fn count(tx: &mut Tx, branch: &[Node], link: &Link) -> Result<i64, Error> {
    let at = branch.iter().position(|node| node.id == link.last_message_id);
    let new = if let Some(at) = at {
        &branch[at + 1..]
    } else {
        let cut = match branch::nodes(tx, &link.target_id, &link.last_message_id, MAX_MESSAGES).await {
            Ok(nodes) => nodes,
            Err(Error::NotFound) => Vec::new(),
            Err(error) => return Err(error),
        };
        let cut: HashSet<&str> = cut.iter().map(|node| node.id.as_str()).collect();
        let common = branch.iter().take_while(|node| cut.contains(node.id.as_str())).count();
        &branch[common..]
    };
    Ok(i64::try_from(new.iter().filter(|node| shows(node)).count()).unwrap_or(i64::MAX))
}
