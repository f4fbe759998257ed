//! Conversations: a tree of messages that one person owns; its current branch is the path from the root to the
//! current message.

pub mod branch;
pub mod conversation;
pub mod create;
pub mod sidebar;
pub mod store;
pub mod view;
