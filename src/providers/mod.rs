//! Where answers come from.
//!
//! - [`provider`]: the one trait, and what goes through it
//! - [`demo`]: a provider that needs nothing: plainly no AI
//! - [`catalog`]: which models there are and who may use them

pub mod catalog;
pub mod demo;
pub mod provider;
