//! Takeback: self-hosted AI chat with share links you can take back.
//!
//! The way through the code is three hops: [`http::routes`] names the handler, the handler (a feature's `pages`) calls the
//! feature's function, the function calls the queries (`*/store.rs`). The command line (`*/cli.rs`) calls the same
//! functions.
//!
//! - [`links`]: the core. [`links::gate`] decides what may be opened, [`links::revoke`] takes back.
//! - [`search`]: words in titles and messages, owner by owner.
//! - [`api`], [`api_keys`]: what programs ask, in the style of OpenAI's API; [`completions`]: they ask a model.
//! - [`assistants`], [`guests`]: instructions and knowledge for a model, and people without an account who talk to it.
//! - [`pdf`]: the text of PDF files, read in a process of its own.
//! - [`webhooks`]: telling a person's own programs what happened to their links.
//! - [`conversations`], [`accounts`], [`audit`], [`jobs`]: the other features.
//! - [`http`]: what every request passes through; [`pages`]: assets and remembered pages; [`storage`]: the database.
//! - [`cli`]: the command line, on the database here or, with [`remote`], on a server elsewhere.
//! - [`app`], [`config`], [`clock`], [`ids`], [`error`]: what all of them share.

pub mod accounts;
pub mod answers;
pub mod api;
pub mod api_keys;
pub mod app;
pub mod assistants;
pub mod audit;
pub mod cli;
pub mod clock;
pub mod completions;
pub mod config;
pub mod conversations;
pub mod doctor;
pub mod error;
pub mod guests;
pub mod http;
pub mod ids;
pub mod jobs;
pub mod links;
pub mod pages;
pub mod pdf;
pub mod providers;
pub mod remote;
pub mod search;
pub mod serve;
pub mod storage;
pub mod transfer;
pub mod webhooks;
