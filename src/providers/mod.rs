//! Where answers come from.
//!
//! - [`provider`]: the one trait, and what goes through it
//! - [`demo`]: a provider that needs nothing: plainly no AI
//! - [`remote`]: providers over the network, by a library that speaks their wire formats: [`ask`](self) makes its
//!   question, `pieces` its answer ours, `failure` its errors words of ours; `listing` asks which models there are
//! - [`address`], [`resolver`]: where a provider may be, asked of every socket address
//! - [`settings`], [`configured`]: what is said about providers, in files and variables
//! - [`catalog`]: which models there are and who may use them

pub mod address;
mod ask;
pub mod catalog;
mod client;
pub mod configured;
pub mod demo;
mod failure;
mod frames;
mod listing;
mod pieces;
pub mod provider;
pub mod remote;
pub mod resolver;
pub mod settings;
mod thoughts;
pub mod tls;
