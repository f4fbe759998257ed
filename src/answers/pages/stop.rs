//! Stop.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};

use crate::answers::stop::stop;
use crate::app::App;
use crate::conversations::pages::wants_fragment;
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::http::extract::Path;

/// `POST /c/{id}/stop`
pub async fn send(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    stop(&app, &user, &id).await?;
    if wants_fragment(&headers) {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Ok(Redirect::to(&format!("/c/{id}")).into_response())
}
