//! Work that follows a transaction.

pub mod queue;
