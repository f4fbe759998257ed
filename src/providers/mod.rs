//! Where answers come from.
//!
//! - [`provider`]: the one trait, and what goes through it
//! - [`demo`]: a provider that needs nothing: plainly no AI
//! - [`remote`]: providers over the network, by a library that speaks their wire formats: [`ask`](self) makes its
//!   question, `pieces` its answer ours, `failure` its errors words of ours; `listing` asks which models there are
//! - [`address`], [`resolver`]: where a provider may be, asked of every socket address
//! - [`settings`], [`configured`]: what is said about providers, in files and variables
//! - [`registry`]: what is known of all of them, in memory; [`refresh`]: how it gets there; `store`: where it is kept
//! - [`seal`]: keys at rest; [`rules`]: who may use which; `known`: what providers don't say about their models
//! - [`manage`], [`pages`]: what administrators do about them
//! - [`probe`]: the same questions without a server, for `takeback doctor`
//! - [`catalog`]: which models there are and who may use them

pub mod address;
pub mod api;
mod ask;
pub mod catalog;
pub(crate) mod client;
pub mod configured;
pub mod demo;
mod failure;
mod frames;
mod known;
mod listing;
pub mod manage;
pub mod pages;
mod pieces;
pub mod probe;
pub mod provider;
pub mod refresh;
pub mod registry;
pub mod remote;
pub mod resolver;
pub mod rules;
pub mod seal;
pub mod settings;
pub mod store;
mod thoughts;
pub mod tls;
