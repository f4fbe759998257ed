//! Work that follows a transaction. [`queue`] is how a transaction leaves it, [`runner`] does it, each kind has a file.
//!
//! A job may run twice, and may be cut off anywhere: each removes what is still there, in transactions so short that
//! people who write at the same time don't feel them ([`batches`]).

pub mod batches;
pub mod purge_conversation;
pub mod purge_links;
pub mod purge_user;
pub mod queue;
pub mod runner;
pub mod sweep;
