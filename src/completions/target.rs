//! Who is asked: what stands in `model`, a model's id or an assistant's.

use crate::accounts::user::User;
use crate::app::App;
use crate::assistants::voice::Voice;
use crate::error::Error;
use crate::providers::catalog::{self, Chosen};

/// Who is asked, and what is said before the conversation.
pub struct Target {
    /// The model.
    pub chosen: Chosen,
    /// Instructions of whoever made what is asked; empty for a model by itself.
    pub instructions: String,
    /// How daring its maker wants it, where the request says nothing.
    pub temperature: Option<f64>,
    /// Who asks may not see what stands behind it: neither what the model thinks nor what goes wrong.
    pub hides: bool,
}

/// Who `name` means for `user`.
///
/// # Errors
/// [`Error::NoModel`] if there is none, or it isn't theirs to use; [`Error::Invalid`] for an assistant whose model isn't.
pub async fn find(app: &App, user: &User, name: &str) -> Result<Target, Error> {
    if name.starts_with("asst_") {
        let voice = Voice::of(app, user, name).await.map_err(|error| match error {
            Error::NotFound => Error::NoModel,
            error => error,
        })?;
        let Voice { chosen, told, temperature, hides, .. } = voice;
        return Ok(Target { chosen, instructions: told, temperature, hides });
    }
    let chosen = catalog::choose(app, user, name).await.map_err(|error| match error {
        Error::Invalid { .. } => Error::NoModel,
        error => error,
    })?;
    Ok(Target { chosen, instructions: String::new(), temperature: None, hides: false })
}
