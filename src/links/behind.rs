//! How far a link is behind its conversation: how many messages "Update to the latest messages" would add.

use super::link::Link;
use crate::conversations::branch::Node;

/// Whether visitors would see this message.
pub fn shows(node: &Node) -> bool {
    node.hidden == 0 && (node.role == "user" || node.role == "assistant")
}

/// Visible messages of the current `branch` that came after the link's cut. If the conversation has gone on along
/// another branch, those that were written since.
pub fn count(branch: &[Node], link: &Link) -> i64 {
    let since: Vec<&Node> = match branch.iter().position(|node| node.id == link.last_message_id) {
        Some(at) => branch[at + 1..].iter().collect(),
        None => branch.iter().filter(|node| node.created_at > link.updated_at).collect(),
    };
    i64::try_from(since.into_iter().filter(|node| shows(node)).count()).unwrap_or(i64::MAX)
}
