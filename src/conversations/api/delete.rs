//! `DELETE /v1/conversations/{conversation_id}`

use axum::Json;
use axum::extract::State;

use crate::api::body::{Nothing, Params};
use crate::api::caller::{Caller, ConversationsWrite};
use crate::api::deleted::Deleted;
use crate::api::document::Refusals;
use crate::app::App;
use crate::audit::Via;
use crate::conversations::delete as deed;
use crate::error::Error;
use crate::http::extract::Path;

/// Delete a conversation, and take its links back
///
/// Both in one transaction: from this answer on nobody can open any of its links. An answer that is being written for it
/// ends. Copies that people continued stay with them.
#[utoipa::path(
    delete, path = "/v1/conversations/{conversation_id}", operation_id = "deleteConversation", tag = "Conversations",
    params(("conversation_id" = String, Path, description = "The conversation's id.")),
    responses((status = 200, description = "It is gone, and its links are.", body = Deleted), Refusals),
    security(("api_key" = ["conversations:write"])),
)]
pub async fn delete(
    State(app): State<App>,
    Caller { user, .. }: Caller<ConversationsWrite>,
    Path(id): Path<String>,
    Params(Nothing {}): Params<Nothing>,
) -> Result<Json<Deleted>, Error> {
    deed::delete(&app, &user, &id, Via::Api).await?;
    Ok(Json(Deleted::new(id, "conversation.deleted")))
}
