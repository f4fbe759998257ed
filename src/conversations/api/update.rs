//! `POST /v1/conversations/{conversation_id}`

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

use super::object::Conversation;
use crate::api::body::{Body, given};
use crate::api::caller::{Caller, ConversationsWrite};
use crate::api::document::{ErrorBody, Refusals};
use crate::app::App;
use crate::conversations::change::{self, Change};
use crate::conversations::store;
use crate::error::Error;
use crate::http::extract::Path;

/// What is to change; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = UpdateConversation)]
pub struct Update {
    /// Its title. Its links keep their own.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, min_length = 1, max_length = 200, example = "Tea for two")]
    title: Option<String>,
    /// A message of it: the newest end below that message becomes the end of the current branch. Links show what was cut
    /// before.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    current_message_id: Option<String>,
}

/// Rename a conversation, or switch its branch
///
/// All of what is asked for happens, or nothing.
#[utoipa::path(
    post, path = "/v1/conversations/{conversation_id}", operation_id = "updateConversation", tag = "Conversations",
    params(("conversation_id" = String, Path, description = "The conversation's id.")),
    request_body = Update,
    responses(
        (status = 200, description = "The conversation as it is now.", body = Conversation),
        (status = 413, description = "A body over 1 MB.", body = ErrorBody),
        Refusals,
    ),
    security(("api_key" = ["conversations:write"])),
)]
pub async fn update(
    State(app): State<App>,
    Caller { user, .. }: Caller<ConversationsWrite>,
    Path(id): Path<String>,
    Body { fields, .. }: Body<Update>,
) -> Result<Json<Conversation>, Error> {
    let message_id = fields.current_message_id.as_deref();
    change::change(&app, &user, &id, Change { title: fields.title.as_deref(), message_id }).await.map_err(|error| match error {
        Error::Invalid { field: "text", words } => Error::bad_param("current_message_id", words),
        other => other,
    })?;
    let detail = store::detail(&mut *app.db.read().await?, &user, &id).await?;
    Ok(Json(Conversation::of(detail)))
}
