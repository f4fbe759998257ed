//! People: making an account, coming in, going out.

pub mod sessions;
pub mod store;
pub mod user;
