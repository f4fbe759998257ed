//! `/v1/conversations`: conversations and their messages for programs. Each file is an operation, named after what it
//! does; they call the same functions as the pages. What is said to models is in `answers/api`.

pub mod create;
pub mod delete;
pub mod list;
pub mod message;
pub mod messages;
pub mod object;
pub mod retrieve;
pub mod update;

use crate::error::Error;

/// A conversation's or message's id of an address or body. PostgreSQL has no text with U+0000, and no id has it.
///
/// # Errors
/// [`Error::NotFound`] for what no id can be.
pub fn id(text: &str) -> Result<&str, Error> {
    if text.contains('\0') { Err(Error::NotFound) } else { Ok(text) }
}
