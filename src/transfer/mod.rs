//! Import: conversations from elsewhere become this person's own, private until shared.
//!
//! - [`import`]: the one function behind the page and the command line; [`plan`] turns what was read into rows,
//!   [`store`] writes them, [`report`] says what came of it
//! - [`one`](mod@one): reading a file that holds one conversation, for `takeback share`
//! - [`upload`], [`background`]: on the web, by [`pages`] and by [`api`]; [`cli`]: `takeback import`, here and elsewhere
//!
//! What holds: a conversation is known by its owner, its source and its id there, a message by its conversation and
//! its id there, so the same file adds nothing twice and a newer one adds what is new. A message that is here stays as
//! it is. A title follows the source until the owner renames the conversation. What the owner deleted here is new
//! again.

pub mod api;
pub mod background;
pub mod cli;
pub mod elsewhere;
pub mod import;
pub mod one;
pub mod pages;
pub mod plan;
pub mod report;
pub mod store;
pub mod upload;
