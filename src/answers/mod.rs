//! Answers: a model is asked, what it says is kept as it arrives and shown in every window that is open.
//!
//! An answer is a task on the server, not of the request that began it: closing the window loses nothing.
//!
//! - [`say`] begins one, [`run`] is its task, [`context`] what the model is sent, [`finish`] its end; [`stop`] and
//!   [`recover`] end it before
//! - [`titles`] names the conversation after the first one
//! - [`live`] is what is on the page right now, [`growing`] its text; [`write_down`] keeps it four times a second
//! - [`running`] is what this server writes, [`follow`] what another one does; [`watch`] ends both, and windows
//! - [`composer`], [`attachments`], [`preferences`]: what a person says, and with what
//! - [`show`], [`pages`]: how it looks; [`api`]: the same for programs; [`store`]: the queries

pub mod api;
pub mod attachments;
pub mod composer;
pub mod context;
mod finish;
mod follow;
pub mod growing;
pub mod live;
pub mod pages;
pub mod preferences;
pub mod recover;
pub mod roll;
pub mod run;
pub mod running;
pub mod say;
pub mod show;
pub mod stop;
pub mod store;
mod titles;
pub mod watch;
pub mod write_down;
