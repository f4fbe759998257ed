//! Who speaks in a conversation, if it is an assistant: what the model is told, which model it is, and what of its answer
//! nobody but an editor may see.
//!
//! A conversation remembers its assistant, not its instructions: each answer is made with the version that is published
//! when it is asked for, so what an editor takes out is said no more.

use std::future::ready;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::StreamExt;
use sqlx::Row;

use super::version::Version;
use super::{knowledge, store};
use crate::accounts::user::User;
use crate::answers::attachments::Attachment;
use crate::answers::context::tokens;
use crate::answers::run::Pieces;
use crate::app::App;
use crate::error::Error;
use crate::guests;
use crate::providers::catalog::{self, Chosen};
use crate::providers::provider::{Failure, Piece};
use crate::storage::Tx;

/// An assistant that is about to answer.
#[derive(Clone)]
pub struct Voice {
    /// `asst_…`
    pub assistant_id: String,
    /// The version that speaks.
    pub version: i64,
    /// What it is called.
    pub name: String,
    /// Instructions and knowledge, as far as it fits.
    pub told: String,
    /// As providers want it.
    pub temperature: Option<f64>,
    /// The model.
    pub chosen: Chosen,
    /// Who listens is no editor: what the model thinks, and what goes wrong behind it, stays here.
    pub hides: bool,
    /// Who listens has no account.
    pub guest: Option<guests::Place>,
}

/// The words for a listener who is no editor, when the model or its provider is the reason.
pub const UNABLE: &str = "The assistant can’t answer right now. Try again in a moment.";

impl Voice {
    /// The assistant with this id, for a member who begins a conversation with it.
    ///
    /// # Errors
    /// As [`store::usable`]; [`Error::Invalid`] if its model isn't there for this person.
    pub async fn of(app: &App, user: &User, assistant_id: &str) -> Result<Self, Error> {
        let mut tx = app.db.read().await?;
        let assistant = store::usable(&mut tx, &user.id, assistant_id).await?;
        let version = store::version(&mut tx, assistant_id, assistant.spoken()).await?;
        drop(tx);
        Self::speaking(app, user, assistant_id, version, !assistant.is_editable()).await
    }

    /// The newest version, for an editor who tries it.
    ///
    /// # Errors
    /// As [`store::editable`]; [`Error::Invalid`] if its model isn't there for this person.
    pub async fn tried(app: &App, editor: &User, assistant_id: &str) -> Result<Self, Error> {
        let mut tx = app.db.read().await?;
        let assistant = store::editable(&mut tx, &editor.id, assistant_id).await?;
        let version = store::version(&mut tx, assistant_id, assistant.newest).await?;
        drop(tx);
        Self::speaking(app, editor, assistant_id, version, false).await
    }

    /// The published version, for who came by a link of its owner's: it is on the owner, whose right to use the model
    /// counts, and who listens is told nothing that is for editors.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless it is `owner`'s and published; [`Error::Invalid`] if its model isn't there for them.
    pub async fn given_out(app: &App, owner: &User, assistant_id: &str) -> Result<Self, Error> {
        let mut tx = app.db.read().await?;
        let assistant = store::owned(&mut tx, &owner.id, assistant_id).await?;
        if assistant.published == 0 {
            return Err(Error::NotFound);
        }
        let version = store::version(&mut tx, assistant_id, assistant.published).await?;
        drop(tx);
        Self::speaking(app, owner, assistant_id, version, true).await
    }

    /// `payer` is the person whose right to use the model counts.
    async fn speaking(app: &App, payer: &User, id: &str, version: Version, hides: bool) -> Result<Self, Error> {
        let temperature = version.temperature();
        let model_id = version.body.model_id.clone();
        let chosen = match model_id.as_str() {
            "" => catalog::first(app, payer).await,
            model_id => catalog::choose(app, payer, model_id).await,
        };
        let chosen = chosen.map_err(|error| match error {
            Error::Invalid { .. } if hides => Error::invalid("model", UNABLE),
            Error::Invalid { .. } => {
                Error::invalid("model", "The model of this assistant isn’t available to you. Choose another one in its editor.")
            }
            other => other,
        })?;
        let told = knowledge::told(&mut *app.db.read().await?, id, &version, chosen.model.context_tokens).await?;
        Ok(Self {
            assistant_id: id.to_owned(),
            version: version.number,
            name: version.face.name,
            told,
            temperature,
            chosen,
            hides,
            guest: None,
        })
    }

    /// Whether it takes such a message.
    ///
    /// # Errors
    /// [`Error::Invalid`] with words for the person.
    pub fn takes(&self, text: &str, files: &[Attachment]) -> Result<(), Error> {
        self.guest.as_ref().map_or(Ok(()), |guest| guest.takes(text, files))
    }

    /// Inside the transaction that stores the message, before everything else: a guest comes in.
    ///
    /// # Errors
    /// When they may not.
    pub async fn admit(&self, tx: &mut Tx, user: &User, now: i64) -> Result<(), Error> {
        match &self.guest {
            Some(guest) => {
                // What it is told, and the longest answer: with what was said it can only be more.
                let least = i64::try_from(tokens(&self.told)).unwrap_or(i64::MAX).saturating_add(self.longest_answer().unwrap_or(0).into());
                guest.enter(tx, user, &self.assistant_id, least, now).await
            }
            None => Ok(()),
        }
    }

    /// The longest answer, in tokens; `None`: what the provider thinks fit.
    pub fn longest_answer(&self) -> Option<u32> {
        self.guest.as_ref().and_then(guests::Place::longest_answer)
    }

    /// The conversation is one with this assistant, and this version answers in it now.
    pub async fn remember(&self, tx: &mut Tx, conversation_id: &str) -> Result<(), Error> {
        let query = "INSERT INTO conversation_assistants (conversation_id, assistant_id, version, name, link_id) \
                     VALUES ($1, $2, $3, $4, $5) \
                     ON CONFLICT (conversation_id) DO UPDATE SET version = excluded.version, name = excluded.name";
        let link_id = self.guest.as_ref().and_then(|guest| guest.link_id()).unwrap_or_default();
        sqlx::query(query)
            .bind(conversation_id)
            .bind(&self.assistant_id)
            .bind(self.version)
            .bind(&self.name)
            .bind(link_id)
            .execute(tx)
            .await?;
        Ok(())
    }
}

/// An answer for a listener who is no editor. What models think quotes what they were told, and what goes wrong names the
/// provider.
///
/// `thought` counts what of it was left out: somebody pays for it.
pub fn curtained(answer: Pieces, thought: Arc<AtomicUsize>) -> Pieces {
    let shown = move |piece| match piece {
        Ok(Piece::Reasoning(text)) => {
            thought.fetch_add(text.len(), Ordering::Relaxed);
            None
        }
        Ok(Piece::ToolCall { .. }) => None,
        Err(failure) => Some(Err(Failure { words: UNABLE.to_owned(), ..failure })),
        other => Some(other),
    };
    answer.filter_map(move |piece| ready(shown(piece))).boxed()
}

/// With which assistant a conversation is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct With {
    /// `asst_…`
    pub assistant_id: String,
    /// As it was called when it answered last.
    pub name: String,
    /// By which link it was reached; empty: by none.
    pub link_id: String,
}

/// With which assistant this conversation of `owner_id` is; `None`: with none.
pub async fn with(tx: &mut Tx, owner_id: &str, conversation_id: &str) -> Result<Option<With>, Error> {
    let query = "SELECT s.assistant_id, s.name, s.link_id FROM conversation_assistants s \
                 JOIN conversations c ON c.id = s.conversation_id WHERE s.conversation_id = $1 AND c.owner_id = $2";
    let row = sqlx::query(query).bind(conversation_id).bind(owner_id).fetch_optional(tx).await?;
    row.map(|row| Ok(With { assistant_id: row.try_get("assistant_id")?, name: row.try_get("name")?, link_id: row.try_get("link_id")? }))
        .transpose()
}

/// Who speaks next in this conversation of `user`, a member; `None`: the model that they choose.
///
/// # Errors
/// [`Error::Invalid`] if it is one with an assistant that is there no more, or not for them.
pub async fn next(app: &App, user: &User, conversation_id: &str) -> Result<Option<Voice>, Error> {
    let Some(with) = with(&mut *app.db.read().await?, &user.id, conversation_id).await? else { return Ok(None) };
    let voice = match with.link_id.as_str() {
        "" => Voice::of(app, user, &with.assistant_id).await,
        // By its link while that is open; else as whoever finds it in the library, if they do.
        _ => match guests::seat::voice_of_member(app, &with).await {
            Err(Error::NotFound) => Voice::of(app, user, &with.assistant_id).await,
            other => other,
        },
    };
    match voice {
        Ok(voice) => Ok(Some(voice)),
        Err(Error::NotFound) => Err(Error::invalid(
            "text",
            format!("“{}” isn’t there for you any more. Everything it said stays here; start a new chat to go on.", with.name),
        )),
        Err(error) => Err(error),
    }
}
