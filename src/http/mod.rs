//! What every request passes through, whatever feature answers it: [`routes`] is the list of all of them.

pub mod auth;
pub mod cache;
pub mod client;
pub mod connections;
pub mod csrf;
pub mod encoding;
pub mod extract;
pub mod form;
pub mod headers;
pub mod health;
pub mod layers;
pub mod leftover;
pub mod limits;
pub mod problem;
pub mod routes;
