//! `/v1/models`: which models a key's person may use.

pub mod list;
pub mod object;
pub mod retrieve;
