//! The field where a person writes, with the models to choose from.

use super::attachments;
use super::preferences;
use crate::accounts::user::User;
use crate::app::App;
use crate::assistants::{self, voice};
use crate::error::Error;
use crate::links::link::TargetType;
use crate::providers::catalog;

/// What `answers/_composer.html` draws.
#[derive(Clone, Debug)]
pub struct Composer {
    /// Where it is sent.
    pub action: String,
    /// Empty only with an assistant.
    pub models: Vec<ModelChoice>,
    /// An answer is being written: Stop stands in the place of Send.
    pub running: bool,
    /// The assistant that answers; then there is no model to choose.
    pub assistant: Option<Speaker>,
    /// Where Stop is sent.
    pub stop: Option<String>,
    /// What stands in it at first.
    pub text: String,
    /// The largest file.
    pub max_file_bytes: usize,
    /// The most files of one message.
    pub max_files: usize,
}

impl Composer {
    /// The assistant of this conversation, if it can't be talked to any more.
    pub fn gone(&self) -> Option<&str> {
        self.assistant.as_ref().filter(|assistant| !assistant.is_here).map(|assistant| assistant.name.as_str())
    }
}

/// An assistant as the composer names it.
#[derive(Clone, Debug)]
pub struct Speaker {
    /// Its name.
    pub name: String,
    /// It can be talked to; else only what was said can be read.
    pub is_here: bool,
}

/// A model in the picker.
#[derive(Clone, Debug)]
pub struct ModelChoice {
    /// What the form sends.
    pub id: String,
    /// Its name at its provider.
    pub name: String,
    /// Whose it is.
    pub provider: String,
    /// It is chosen already.
    pub chosen: bool,
    /// The built-in one, no AI.
    pub is_demo: bool,
    /// It takes pictures.
    pub takes_images: bool,
}

/// The composer of a new chat.
pub async fn for_new(app: &App, user: &User) -> Result<Composer, Error> {
    let chosen = preferences::read(app, user).await?.model_id;
    composer(app, user, "/chats".to_owned(), &chosen).await
}

/// The composer of a new chat with an assistant.
pub fn with_assistant(action: String, name: &str) -> Composer {
    Composer { assistant: Some(Speaker { name: name.to_owned(), is_here: true }), ..empty(action, Vec::new()) }
}

/// The composer of a conversation whose last answer came from `model_id`.
pub async fn for_conversation(app: &App, user: &User, id: &str, model_id: Option<&str>, running: bool) -> Result<Composer, Error> {
    let chosen = match model_id {
        Some(model_id) => model_id.to_owned(),
        None => preferences::read(app, user).await?.model_id,
    };
    let assistant = speaker(app, user, id).await?;
    let action = format!("/c/{id}/messages");
    let composer = if assistant.is_some() { empty(action, Vec::new()) } else { composer(app, user, action, &chosen).await? };
    Ok(Composer { running, assistant, stop: Some(format!("/c/{id}/stop")), ..composer })
}

/// The assistant of a conversation, and whether it is still there for this person.
async fn speaker(app: &App, user: &User, conversation_id: &str) -> Result<Option<Speaker>, Error> {
    let mut tx = app.db.read().await?;
    let Some(with) = voice::with(&mut tx, &user.id, conversation_id).await? else { return Ok(None) };
    let found = assistants::store::usable(&mut tx, &user.id, &with.assistant_id).await;
    drop(tx);
    let is_here = match found {
        Ok(_) => true,
        Err(Error::NotFound) if with.link_id.is_empty() => false,
        Err(Error::NotFound) => match app.gate.ask(TargetType::Assistant, &with.link_id).await {
            Ok(_) => true,
            Err(Error::Gone) => false,
            Err(error) => return Err(error),
        },
        Err(error) => return Err(error),
    };
    Ok(Some(Speaker { name: with.name, is_here }))
}

async fn composer(app: &App, user: &User, action: String, chosen: &str) -> Result<Composer, Error> {
    let mut models: Vec<ModelChoice> = catalog::available(app, user)
        .await?
        .into_iter()
        .map(|model| ModelChoice {
            chosen: model.id == chosen,
            id: model.id,
            name: model.name,
            provider: model.provider_name,
            is_demo: model.is_demo,
            takes_images: model.takes_images,
        })
        .collect();
    if !models.iter().any(|model| model.chosen)
        && let Some(first) = models.first_mut()
    {
        first.chosen = true;
    }
    Ok(empty(action, models))
}

fn empty(action: String, models: Vec<ModelChoice>) -> Composer {
    Composer {
        action,
        models,
        assistant: None,
        running: false,
        stop: None,
        text: String::new(),
        max_file_bytes: attachments::MAX_BYTES,
        max_files: attachments::MAX_FILES,
    }
}
