//! `DELETE /v1/assistants/{assistant_id}`

use axum::Json;
use axum::extract::State;

use super::id;
use crate::api::body::{Nothing, Params};
use crate::api::caller::{AssistantsWrite, Caller};
use crate::api::deleted::Deleted;
use crate::api::document::Refusals;
use crate::app::App;
use crate::assistants::delete as deed;
use crate::audit::Via;
use crate::error::Error;
use crate::http::extract::Path;

/// Delete an assistant of yours, and take its links back
///
/// In one transaction: from this answer on nobody can talk to it, and what it is writing ends. Conversations that members
/// had with it stay readable for them.
#[utoipa::path(
    delete, path = "/v1/assistants/{assistant_id}", operation_id = "deleteAssistant", tag = "Assistants",
    params(("assistant_id" = String, Path, description = "The assistant's id.")),
    responses((status = 200, description = "It is gone, and its links are.", body = Deleted), Refusals),
    security(("api_key" = ["assistants:write"])),
)]
pub async fn delete(
    State(app): State<App>,
    Caller { user, .. }: Caller<AssistantsWrite>,
    Path(assistant_id): Path<String>,
    Params(Nothing {}): Params<Nothing>,
) -> Result<Json<Deleted>, Error> {
    deed::delete(&app, &user, id(&assistant_id)?, Via::Api).await?;
    Ok(Json(Deleted::new(assistant_id, "assistant.deleted")))
}
