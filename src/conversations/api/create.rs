//! `POST /v1/conversations`

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::object::Conversation;
use crate::api::body::{Body, given};
use crate::api::caller::{Caller, ConversationsWrite};
use crate::api::document::{ErrorBody, Refusals};
use crate::api::repeat::{Once, Sender};
use crate::app::App;
use crate::conversations::{make, store};
use crate::error::Error;
use crate::links::api::create::{ChatMessage, unseen};

/// A conversation to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateConversation)]
pub struct Create {
    /// Its title; without it the first words, or the title that the first answer brings.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, min_length = 1, max_length = 200, example = "Tea for two")]
    title: Option<String>,
    /// What was said so far, in the Chat Completions form. No model is asked.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Vec<ChatMessage>>, nullable = false, min_items = 1)]
    messages: Option<Vec<Value>>,
}

/// Make a conversation
///
/// Empty, to say something to a model in it, or of messages. It is private until you share it.
///
/// Send an `Idempotency-Key` to make a repeat harmless, as with shared links.
#[utoipa::path(
    post, path = "/v1/conversations", operation_id = "createConversation", tag = "Conversations",
    params(("Idempotency-Key" = Option<String>, Header, nullable = false, min_length = 1, max_length = 255, description = "Any text of your own that is the same for the repeat of a request, and for nothing else.")),
    request_body = Create,
    responses(
        (status = 200, description = "The conversation.", body = Conversation),
        (status = 413, description = "More than 5,000 messages, or a body over 32 MB.", body = ErrorBody),
        (status = 422, description = "The `Idempotency-Key` was sent with another body before.", body = ErrorBody),
        Refusals,
    ),
    security(("api_key" = ["conversations:write"])),
)]
pub async fn create(
    State(app): State<App>,
    Caller { user, .. }: Caller<ConversationsWrite>,
    sender: Sender,
    Body { fields, hash }: Body<Create>,
) -> Result<Json<Conversation>, Error> {
    let once = Once::new(&sender, "POST /v1/conversations", hash);
    let messages = match fields.messages {
        Some(messages) => Some(unseen(messages).await?),
        None => None,
    };
    let id = make::make(&app, &user, fields.title.as_deref(), messages.as_ref(), once.as_ref()).await?;
    let detail = store::detail(&mut *app.db.read().await?, &user, &id).await?;
    Ok(Json(Conversation::of(detail)))
}
