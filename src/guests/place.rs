//! How a guest is known, and what they may do.

use super::store;
use crate::accounts::user::User;
use crate::answers::attachments::Attachment;
use crate::error::Error;
use crate::storage::Tx;

/// How a guest is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// An editor tries the assistant: by their account.
    Editor(String),
}

/// What is known of who talks to an assistant without an account.
#[derive(Clone, Debug)]
pub struct Place {
    /// By what.
    pub known: Known,
    /// They were never here before: their first message makes them.
    pub is_new: bool,
}

impl Place {
    /// By which link they came.
    pub fn link_id(&self) -> Option<&str> {
        match &self.known {
            Known::Editor(_) => None,
        }
    }

    /// Whether they may send this.
    ///
    /// # Errors
    /// [`Error::Invalid`] with words for the person.
    pub fn takes(&self, _text: &str, files: &[Attachment]) -> Result<(), Error> {
        if files.is_empty() { Ok(()) } else { Err(Error::invalid("files", "Files can’t be sent here. Paste the text of the file.")) }
    }

    /// Inside the transaction that stores a message, before anything is stored: makes the guest, or notes that they were
    /// here.
    ///
    /// # Errors
    /// [`Error::Busy`] if the same person began at the same moment in another window.
    pub async fn enter(&self, tx: &mut Tx, guest: &User, assistant_id: &str, now: i64) -> Result<(), Error> {
        if self.is_new { store::insert(tx, guest, &self.known, assistant_id, now).await } else { store::touch(tx, &guest.id, now).await }
    }

    /// The longest answer, in tokens.
    pub fn longest_answer(&self) -> Option<u32> {
        None
    }
}
