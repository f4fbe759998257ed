//! Choosing another version of a message.

use axum::extract::State;
use axum::response::Redirect;
use serde::Deserialize;

use crate::app::App;
use crate::conversations::switch::switch;
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::http::extract::Path;
use crate::http::form::Form;

/// The form: a sibling of a shown message.
#[derive(Debug, Deserialize)]
pub struct Choice {
    message: String,
}

/// `POST /c/{id}/branch`
pub async fn choose(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Path(id): Path<String>,
    Form(choice): Form<Choice>,
) -> Result<Redirect, Error> {
    switch(&app, &user, &id, &choice.message).await?;
    // The message is of this conversation, so its id can stand in an address.
    Ok(Redirect::to(&format!("/c/{id}#{}", choice.message)))
}
