//! `/v1/assistants`: assistants for programs. Each file is an operation, named after what it does; they call the same
//! functions as the pages.

pub mod create;
pub mod delete;
pub mod fields;
pub mod list;
pub mod object;
pub mod retrieve;
pub mod store;
pub mod update;
pub mod versions;

use crate::error::Error;

/// An assistant's id of an address. PostgreSQL has no text with U+0000, and no id has it.
fn id(text: &str) -> Result<&str, Error> {
    if text.contains('\0') { Err(Error::NotFound) } else { Ok(text) }
}
