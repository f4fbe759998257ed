//! Guests: people without an account who talk to one assistant.
//!
//! What holds:
//!
//! 1. A guest is a row of `users` with a role of its own, so that what they say is owned like everybody's, and every load
//!    that goes through its owner keeps it from everybody else: also from the owner of the assistant.
//! 2. No query that lets somebody in finds a guest: they have no session, no key, no address and no password. They are
//!    known by [`place::Known`] alone.
//! 3. A guest's page shows what [`show::dress`] leaves of a turn.
//! 4. Every page of theirs asks the gate first, and every message asks it again in the transaction that stores it.
//! 5. What they may take of the owner's is taken in the database before a model is asked: [`purse`].

pub mod caps;
pub mod chat;
pub mod cookie;
pub mod counts;
pub mod door;
pub mod ear;
pub mod frames;
pub mod keep;
pub mod pages;
pub mod place;
pub mod purse;
pub mod seat;
pub mod show;
pub mod store;
pub mod sweep;

pub use ear::{Ear, Leaves};
pub use place::Place;
