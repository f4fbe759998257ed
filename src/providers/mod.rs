//! Where answers come from.
//!
//! - [`provider`]: the one trait, and what goes through it
//! - [`demo`]: a provider that needs nothing: plainly no AI
//! - [`settings`], [`configured`]: what is said about providers, in files and variables
//! - [`catalog`]: which models there are and who may use them

pub mod catalog;
pub mod configured;
pub mod demo;
pub mod provider;
pub mod settings;
pub mod tls;
