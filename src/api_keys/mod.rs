//! API keys: what a program comes in with, in the name of the person who made it.
//!
//! What holds, always:
//!
//! 1. A key is shown once. What is stored is its hash ([`key`]).
//! 2. A key may do what its scopes say, never more than its person, and it says so at each operation ([`scope`]).
//! 3. A key lives while its row does, before its expiry, and while its person may come in: [`recognise`] asks the
//!    database for every request, so a revoked key, a disabled or deleted person's, is dead with the commit.

pub mod cli;
pub mod create;
pub mod key;
pub mod pages;
pub mod recognise;
pub mod revoke;
pub mod scope;
pub mod store;
