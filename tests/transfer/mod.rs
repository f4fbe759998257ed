//! What comes in from elsewhere.

mod again;
mod api;
mod bad;
mod command;
mod elsewhere;
mod export;
mod import;
mod running;
