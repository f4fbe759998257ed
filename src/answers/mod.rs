//! Answers: a model is asked, what it says is kept as it arrives and shown in every window that is open.
//!
//! An answer is a task on the server, not of the request that began it: closing the window loses nothing.
//!
//! - [`composer`], [`attachments`], [`preferences`]: what a person says, and with what
//! - [`show`]: what a page shows of an answer besides its words

pub mod attachments;
pub mod composer;
pub mod preferences;
pub mod show;
