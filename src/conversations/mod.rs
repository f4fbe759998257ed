//! Conversations: a tree of messages that one person owns; its current branch is the path from the root to the
//! current message.
//!
//! - [`conversation`], [`branch`], [`siblings`]: what it is; [`store`]: the queries, each through the owner
//! - [`create`], [`sample`], [`rename`], [`switch`], [`delete`]: what is done with it
//! - [`api`]: what programs do with it, with [`make`], [`change`] and [`stretch`]
//! - [`sidebar`], [`found`], [`thread`], [`around`], [`view`], [`pages`]: how it looks

pub mod api;
pub mod append;
pub mod around;
pub mod branch;
pub mod change;
pub mod conversation;
pub mod create;
pub mod delete;
pub mod files;
pub mod found;
pub mod make;
pub mod pages;
pub mod rename;
pub mod sample;
pub mod siblings;
pub mod sidebar;
pub mod store;
pub mod stretch;
pub mod switch;
pub mod take_in;
pub mod thread;
pub mod view;
