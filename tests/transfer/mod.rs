//! What comes in from elsewhere.

mod again;
mod bad;
mod command;
mod export;
mod import;
mod running;
