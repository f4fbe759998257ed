//! On which sites the chat of a link to an assistant may stand in a frame.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use super::assistant;
use crate::app::App;
use crate::audit::{self, Via};
use crate::error::Error;
use crate::guests::frames;
use crate::http::auth::CurrentUser;
use crate::http::extract::Path;
use crate::http::form::Form;
use crate::links::store;
use crate::write_tx;

/// What the form sends.
#[derive(Debug, Deserialize)]
pub struct Sites {
    #[serde(default)]
    frames: String,
}

/// `POST /links/{id}/frames`
pub async fn save(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(sites): Form<Sites>,
) -> Result<Response, Error> {
    let origins = frames::read(&sites.frames)?;
    let now = app.now();
    let link = write_tx!(app.db, "allow frames", |tx| {
        let link = store::lock_owned(tx, &user.id, &id).await?;
        frames::set(tx, &id, &origins).await?;
        audit::record(tx, now, &user.id, "shared_link.updated", &id, Via::Web).await?;
        Ok(link)
    })?;
    assistant::shown(&app, &user, &link.target_id, None, &headers).await
}
