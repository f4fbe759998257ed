//! `GET /v1/conversations/{conversation_id}`

use axum::Json;
use axum::extract::State;

use super::object::Conversation;
use crate::api::body::{Nothing, Params};
use crate::api::caller::{Caller, ConversationsRead};
use crate::api::document::Refusals;
use crate::app::App;
use crate::conversations::store;
use crate::error::Error;
use crate::http::extract::Path;

/// Look at one of your conversations
#[utoipa::path(
    get, path = "/v1/conversations/{conversation_id}", operation_id = "retrieveConversation", tag = "Conversations",
    params(("conversation_id" = String, Path, description = "The conversation's id.")),
    responses((status = 200, description = "The conversation, without its messages.", body = Conversation), Refusals),
    security(("api_key" = ["conversations:read"])),
)]
pub async fn retrieve(
    State(app): State<App>,
    Caller { user, .. }: Caller<ConversationsRead>,
    Path(id): Path<String>,
    Params(Nothing {}): Params<Nothing>,
) -> Result<Json<Conversation>, Error> {
    let detail = store::detail(&mut *app.db.read().await?, &user, &id).await?;
    Ok(Json(Conversation::of(detail)))
}
