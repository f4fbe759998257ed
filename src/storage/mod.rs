//! The database: SQLite by default, PostgreSQL for several nodes, one set of queries.
//!
//! - Queries are SQL with `$1` placeholders, which both databases read; they live in `*/store.rs`, beside the feature.
//! - [`dialect`] holds every difference between the two, and nothing else branches on the database.
//! - Reads take [`Db::reader`]; every write is a transaction through [`write_tx!`](crate::write_tx).

pub mod db;
pub mod dialect;
mod log;
pub mod migrate;
pub mod sql;

pub use db::{Db, Settled, Tx};
