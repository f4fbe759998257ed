//! Who may make an account: a row in the settings, read whenever somebody comes to the door.

use crate::app::App;
use crate::audit::{self, Via};
use crate::error::Error;
use crate::storage::Tx;
use crate::write_tx;

use super::store;

/// The settings' key.
const KEY: &str = "sign_up";

/// Who may make an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SignUpMode {
    /// Anybody who can reach the server.
    Open,
    /// People with an invitation.
    #[default]
    Invite,
    /// Nobody; invitations rest too.
    Closed,
}

impl SignUpMode {
    /// As it is stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Invite => "invite",
            Self::Closed => "closed",
        }
    }

    /// From a form.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a word that is none of the three.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let found = [Self::Open, Self::Invite, Self::Closed].into_iter().find(|mode| mode.as_str() == text);
        found.ok_or_else(|| Error::invalid("mode", "Choose who can sign up: open, invite or closed."))
    }
}

/// The mode now. A word that this version doesn't know lets nobody in.
pub async fn get(tx: &mut Tx) -> Result<SignUpMode, Error> {
    let stored = store::setting(tx, KEY).await?;
    Ok(stored.map_or(SignUpMode::default(), |text| SignUpMode::parse(&text).unwrap_or(SignUpMode::Closed)))
}

/// Changes it; `by` is an administrator.
pub async fn set(app: &App, by: &str, mode: SignUpMode, via: Via) -> Result<(), Error> {
    let now = app.now();
    write_tx!(app.db, "who may sign up", |tx| {
        store::set_setting(tx, KEY, mode.as_str()).await?;
        audit::record(tx, now, by, "sign_up.changed", mode.as_str(), via).await
    })
}
