//! Who is asked: what stands in `model`.

use crate::accounts::user::User;
use crate::app::App;
use crate::error::Error;
use crate::providers::catalog::{self, Chosen};

/// Who is asked, and what is said before the conversation.
pub struct Target {
    /// The model.
    pub chosen: Chosen,
    /// Instructions of whoever made what is asked; empty for a model by itself.
    pub instructions: String,
}

/// The model that `name` means for `user`. Names of assistants, `asst_…`, belong here too.
///
/// # Errors
/// [`Error::NoModel`] if there is none, or it isn't theirs to use.
pub async fn find(app: &App, user: &User, name: &str) -> Result<Target, Error> {
    let chosen = catalog::choose(app, user, name).await.map_err(|error| match error {
        Error::Invalid { .. } => Error::NoModel,
        error => error,
    })?;
    Ok(Target { chosen, instructions: String::new() })
}
