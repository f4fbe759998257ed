//! The pages of conversations, each file named after what its person does.

pub mod delete;
pub mod file;
pub mod rename;
pub mod sample;
pub mod show;
pub mod switch;

use axum::http::HeaderMap;

/// Whether a script asked for a part of the page, to put it into the one that is open.
pub fn wants_fragment(headers: &HeaderMap) -> bool {
    headers.contains_key("x-fragment")
}
