//! `GET /v1/assistants/{assistant_id}`

use axum::Json;
use axum::extract::State;

use super::object::Assistant;
use super::{id, store};
use crate::api::body::{Nothing, Params};
use crate::api::caller::{AssistantsRead, Caller};
use crate::api::document::Refusals;
use crate::app::App;
use crate::error::Error;
use crate::http::extract::Path;

/// Look at an assistant that you may talk to
#[utoipa::path(
    get, path = "/v1/assistants/{assistant_id}", operation_id = "retrieveAssistant", tag = "Assistants",
    params(("assistant_id" = String, Path, description = "The assistant's id.")),
    responses((status = 200, description = "The assistant.", body = Assistant), Refusals),
    security(("api_key" = ["assistants:read"])),
)]
pub async fn retrieve(
    State(app): State<App>,
    Caller { user, .. }: Caller<AssistantsRead>,
    Path(assistant_id): Path<String>,
    Params(Nothing {}): Params<Nothing>,
) -> Result<Json<Assistant>, Error> {
    Ok(Json(read(&app, &user.id, id(&assistant_id)?).await?))
}

/// The assistant as this person sees it.
pub async fn read(app: &App, user_id: &str, id: &str) -> Result<Assistant, Error> {
    let mut tx = app.db.read().await?;
    let shown = store::one(&mut tx, user_id, id).await?;
    let files = store::files(&mut tx, [id].into_iter()).await?;
    let body = serde_json::from_str(&shown.body)?;
    Ok(Assistant::of(shown, body, &files))
}
