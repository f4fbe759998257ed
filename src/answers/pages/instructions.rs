//! Custom instructions.

use axum::extract::State;
use axum::response::Redirect;
use serde::Deserialize;

use crate::answers::preferences;
use crate::app::App;
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::http::form::Form;

/// The form.
#[derive(Debug, Deserialize)]
pub struct Wishes {
    #[serde(default)]
    instructions: String,
}

/// `POST /settings/instructions`
pub async fn save(State(app): State<App>, CurrentUser { user, .. }: CurrentUser, Form(wishes): Form<Wishes>) -> Result<Redirect, Error> {
    preferences::set_instructions(&app, &user, &wishes.instructions).await?;
    Ok(Redirect::to("/settings?done=instructions#instructions"))
}
