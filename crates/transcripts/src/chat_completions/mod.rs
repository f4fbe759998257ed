//! Messages in the form of the Chat Completions API.

use crate::{Error, Transcript};

/// Reads one conversation from memory: `{"messages": […], "title"?, "id"?, "model"?}` or an array of messages.
///
/// # Errors
/// [`Error::Invalid`], with the place (`messages[3].role`) as `param`.
pub fn parse(_json: &[u8]) -> Result<Transcript, Error> {
    Err(Error::Unrecognised)
}
