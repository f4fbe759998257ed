//! The sample conversation, at a click.

use axum::extract::State;
use axum::response::Redirect;

use crate::app::App;
use crate::conversations::sample::make;
use crate::error::Error;
use crate::http::auth::CurrentUser;

/// `POST /sample`
pub async fn create(State(app): State<App>, CurrentUser { user, .. }: CurrentUser) -> Result<Redirect, Error> {
    let id = make(&app, &user).await?;
    Ok(Redirect::to(&format!("/c/{id}")))
}
