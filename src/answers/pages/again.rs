//! Another answer in the place of one.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use crate::answers::say;
use crate::app::App;
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::http::extract::Path;
use crate::http::form::Form;

/// The form.
#[derive(Debug, Deserialize)]
pub struct Choice {
    #[serde(default)]
    model: String,
}

/// `POST /c/{id}/messages/{message}/again`
pub async fn send(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Path((id, message)): Path<(String, String)>,
    headers: HeaderMap,
    Form(choice): Form<Choice>,
) -> Result<Response, Error> {
    let begun = say::again(&app, &user, &id, &message, &choice.model).await?;
    super::begun(&app, &user, &begun, &headers).await
}
