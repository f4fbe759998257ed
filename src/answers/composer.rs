//! The field where a person writes, with the models to choose from.

use super::attachments;
use super::preferences;
use crate::accounts::user::User;
use crate::app::App;
use crate::error::Error;
use crate::providers::catalog;

/// What `answers/_composer.html` draws.
#[derive(Clone, Debug)]
pub struct Composer {
    /// Where it is sent.
    pub action: String,
    /// Never empty.
    pub models: Vec<ModelChoice>,
    /// An answer is being written: Stop stands in the place of Send.
    pub running: bool,
    /// Where Stop is sent.
    pub stop: Option<String>,
    /// What stands in it at first.
    pub text: String,
    /// The largest file.
    pub max_file_bytes: usize,
    /// The most files of one message.
    pub max_files: usize,
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

/// The composer of a conversation whose last answer came from `model_id`.
pub async fn for_conversation(app: &App, user: &User, id: &str, model_id: Option<&str>, running: bool) -> Result<Composer, Error> {
    let chosen = match model_id {
        Some(model_id) => model_id.to_owned(),
        None => preferences::read(app, user).await?.model_id,
    };
    let composer = composer(app, user, format!("/c/{id}/messages"), &chosen).await?;
    Ok(Composer { running, stop: Some(format!("/c/{id}/stop")), ..composer })
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
    Ok(Composer {
        action,
        models,
        running: false,
        stop: None,
        text: String::new(),
        max_file_bytes: attachments::MAX_BYTES,
        max_files: attachments::MAX_FILES,
    })
}
