//! The composer.

use axum::extract::State;
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};

use crate::answers::attachments;
use crate::answers::say;
use crate::app::App;
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::http::extract::Path;

/// `POST /chats`
pub async fn begin(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, Error> {
    let message = attachments::receive(form).await?;
    let begun = say::begin(&app, &user, message).await?;
    Ok(Redirect::to(&format!("/c/{}", begun.conversation_id)).into_response())
}

/// `POST /c/{id}/messages`
pub async fn next(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Path(id): Path<String>,
    headers: HeaderMap,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, Error> {
    let message = attachments::receive(form).await?;
    let begun = say::say(&app, &user, &id, message).await?;
    super::begun(&app, &user, &begun, &headers).await
}
