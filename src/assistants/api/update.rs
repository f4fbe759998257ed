//! `POST /v1/assistants/{assistant_id}`

use axum::Json;
use axum::extract::State;

use super::fields::{Fields, named, refuse_nul};
use super::id;
use super::object::Assistant;
use super::retrieve::read;
use crate::api::body::Body;
use crate::api::caller::{AssistantsWrite, Caller};
use crate::api::document::{ErrorBody, Refusals};
use crate::app::App;
use crate::assistants::save::{self, Change};
use crate::assistants::store;
use crate::audit::Via;
use crate::error::Error;
use crate::http::extract::Path;

/// Change an assistant, publish it, or say who sees it
///
/// All of what is asked for happens, or nothing. What it is made of becomes a new version, the earlier ones stay.
#[utoipa::path(
    post, path = "/v1/assistants/{assistant_id}", operation_id = "updateAssistant", tag = "Assistants",
    params(("assistant_id" = String, Path, description = "The assistant's id.")),
    request_body = Fields,
    responses(
        (status = 200, description = "The assistant as it is now.", body = Assistant),
        (status = 413, description = "A file over 1 MB, or a body over 24 MB.", body = ErrorBody),
        Refusals,
    ),
    security(("api_key" = ["assistants:write"])),
)]
pub async fn update(
    State(app): State<App>,
    Caller { user, .. }: Caller<AssistantsWrite>,
    Path(assistant_id): Path<String>,
    Body { fields, .. }: Body<Fields>,
) -> Result<Json<Assistant>, Error> {
    let id = id(&assistant_id)?;
    refuse_nul(&fields)?;
    let (listed, publish) = (fields.listed()?, fields.publish.unwrap_or(false));
    let mut tx = app.db.read().await?;
    let newest = store::editable(&mut tx, &user.id, id).await?.newest;
    let wish = if fields.make_a_version() {
        let before = store::version(&mut tx, id, fields.restore_version.unwrap_or(newest)).await;
        let before = before.map_err(|error| match error {
            Error::NotFound => Error::bad_param("restore_version", "It has no such version."),
            other => other,
        })?;
        Some(fields.wish(before)?)
    } else {
        None
    };
    drop(tx);
    let change = Change { behind: Some(newest), wish: wish.as_ref(), publish, listed };
    save::change(&app, &user, id, change, Via::Api).await.map_err(named)?;
    Ok(Json(read(&app, &user.id, id).await?))
}
