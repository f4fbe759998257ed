//! Pause a link to an assistant, and resume it at the same address.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use super::assistant;
use crate::app::App;
use crate::audit::Via;
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::http::extract::Path;
use crate::links::publish::{self, Change};

/// `POST /links/{id}/pause`: nobody can open it any more, and what visitors are being told ends.
pub async fn pause(State(app): State<App>, current: CurrentUser, Path(id): Path<String>, headers: HeaderMap) -> Result<Response, Error> {
    set(&app, &current, &id, true, &headers).await
}

/// `POST /links/{id}/resume`
pub async fn resume(State(app): State<App>, current: CurrentUser, Path(id): Path<String>, headers: HeaderMap) -> Result<Response, Error> {
    set(&app, &current, &id, false, &headers).await
}

async fn set(app: &App, CurrentUser { user, .. }: &CurrentUser, id: &str, paused: bool, headers: &HeaderMap) -> Result<Response, Error> {
    let link = publish::change(app, user, id, Change { paused: Some(paused), ..Change::default() }, Via::Web).await?;
    assistant::shown(app, user, &link.target_id, None, headers).await
}
