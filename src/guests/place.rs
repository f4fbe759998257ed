//! How somebody is known who talks to an assistant that isn't theirs, by which link they came, and what they may do.

use std::net::IpAddr;

use super::caps::Caps;
use super::{purse, store};
use crate::accounts;
use crate::accounts::user::User;
use crate::answers::attachments::Attachment;
use crate::error::Error;
use crate::links;
use crate::pages::view::Count;
use crate::storage::Tx;

/// How they are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// An editor tries the assistant: by their account.
    Editor(String),
    /// A guest: by their cookie, as [`super::cookie::hash`] stores it.
    Browser(Vec<u8>),
    /// A member, whose conversation is one of theirs.
    Member,
}

/// The link that they came by.
#[derive(Clone, Debug)]
pub struct Came {
    /// `link_…`
    pub link_id: String,
    /// Who gave it out, and pays.
    pub owner_id: String,
    /// What it lets them take.
    pub caps: Caps,
    /// From which address, if that is known.
    pub from: Option<IpAddr>,
}

/// What is known of them.
#[derive(Clone, Debug)]
pub struct Place {
    /// By what.
    pub known: Known,
    /// They were never here before: their first message makes them.
    pub is_new: bool,
    /// By which link; an editor needs none.
    pub came: Option<Came>,
}

impl Place {
    /// By which link they came.
    pub fn link_id(&self) -> Option<&str> {
        self.came.as_ref().map(|came| came.link_id.as_str())
    }

    /// Whether they may send this.
    ///
    /// # Errors
    /// [`Error::Invalid`] with words for the person.
    pub fn takes(&self, text: &str, files: &[Attachment]) -> Result<(), Error> {
        if !files.is_empty() {
            return Err(Error::invalid("files", "Files can’t be sent here. Paste the text of the file."));
        }
        match &self.came {
            Some(Came { caps, .. }) if i64::try_from(text.chars().count()).unwrap_or(i64::MAX) > caps.input_chars => {
                Err(Error::invalid("text", format!("A message can have {} characters here. Shorten it.", Count(caps.input_chars))))
            }
            _ => Ok(()),
        }
    }

    /// Inside the transaction that stores a message, before anything is stored: asks once more whether the link is open,
    /// and holds it until the commit; makes the guest, or notes that they were here; takes the message out of the owner's
    /// purse.
    ///
    /// # Errors
    /// [`Error::Gone`] if the link was taken back since the gate was asked; [`Error::UsedUp`] when a cap is reached, [`Error::Busy`] if
    /// the same person began at the same moment in another window.
    pub async fn enter(&self, tx: &mut Tx, person: &User, assistant_id: &str, least: i64, now: i64) -> Result<(), Error> {
        if let Some(came) = &self.came {
            // Both rows are held: what ends the link comes wholly before this, or wholly after, and then it ends what is
            // begun here.
            accounts::store::lock_share_epoch(tx, &came.owner_id).await.map_err(Error::or_gone)?;
            links::store::hold_open(tx, &came.link_id, now).await?;
        }
        match (&self.known, self.is_new) {
            (Known::Member, _) => (),
            (_, true) => store::insert(tx, person, self, assistant_id, now).await?,
            (_, false) => store::touch(tx, &person.id, now).await?,
        }
        match &self.came {
            Some(came) => purse::take_message(tx, came, &person.id, least, now).await,
            None => Ok(()),
        }
    }

    /// The longest answer, in tokens.
    pub fn longest_answer(&self) -> Option<u32> {
        self.came.as_ref().map(|came| u32::try_from(came.caps.output_tokens).unwrap_or(u32::MAX))
    }
}
