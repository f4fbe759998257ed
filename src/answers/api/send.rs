//! `POST /v1/conversations/{conversation_id}/messages`

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;
use tracing::warn;
use utoipa::ToSchema;

use super::following::Following;
use super::stream;
use crate::accounts::user::User;
use crate::answers::attachments::{Attachment, Content};
use crate::answers::say::{self, Begun};
use crate::answers::store;
use crate::api::body::{Body, given};
use crate::api::caller::{Caller, ConversationsWriteAndChat};
use crate::api::document::{ErrorBody, Refusals, ServerSentEvent};
use crate::api::list::List;
use crate::api::repeat::{Once, Sender};
use crate::app::{App, blocking};
use crate::completions::content;
use crate::conversations;
use crate::conversations::api::message::Message;
use crate::error::Error;
use crate::http::extract::Path;
use crate::links::api::create::text_or_parts;
use crate::providers::catalog;
use crate::write_tx;

/// What is said to a model.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateMessage)]
pub struct Create {
    /// Only `user`: who else speaks is the model.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<UserRole>, nullable = false)]
    role: Option<String>,
    /// A text, or a list of parts of the types `text` and `image_url`, pictures as `data:` addresses.
    #[schema(schema_with = text_or_parts)]
    content: Value,
    /// A model's id; without it the one that answered last here, or else the server's default.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, example = "openai/gpt-5")]
    model: Option<String>,
    /// Send the answer as it arrives, as server-sent events.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    stream: Option<bool>,
}

/// Who says it.
#[derive(ToSchema)]
#[schema(as = CreateMessageRole, rename_all = "lowercase")]
#[expect(dead_code, reason = "for the document; the value is read as text, so that what is wrong with it can be said")]
enum UserRole {
    /// You.
    User,
}

/// Say something to a model
///
/// At the end of the current branch, with your custom instructions, like on the page. Answers when the model has
/// answered, with both messages, however the answer ended: `status` says it. The answer goes on when you hang up; the
/// list of messages has it. While one is being written in a conversation, nothing else can be said there.
///
/// A repeat of the request gets the answer that the first one began.
///
/// With `"stream": true` the answer comes as server-sent events: `message.created` with each of the two messages,
/// `message.delta` (`MessageDelta`) with more of `content`, and `message.done` with the whole answer. The last one is `[DONE]`.
#[utoipa::path(
    post, path = "/v1/conversations/{conversation_id}/messages", operation_id = "createMessage", tag = "Conversations",
    params(
        ("conversation_id" = String, Path, description = "The conversation's id."),
        ("Idempotency-Key" = Option<String>, Header, nullable = false, min_length = 1, max_length = 255, description = "Any text of your own that is the same for the repeat of a request, and for nothing else."),
    ),
    request_body = Create,
    responses(
        (status = 200, description = "What was said, and the answer; or with `stream` its events.", content((List<Message> = "application/json"), (ServerSentEvent = "text/event-stream"))),
        (status = 413, description = "More than a message can hold, or a body over 32 MB.", body = ErrorBody),
        (status = 422, description = "The `Idempotency-Key` was sent with another body before.", body = ErrorBody),
        Refusals,
    ),
    security(("api_key" = ["conversations:write", "chat"])),
)]
pub async fn send(
    State(app): State<App>,
    Caller { user, key_id, .. }: Caller<ConversationsWriteAndChat>,
    Path(id): Path<String>,
    sender: Sender,
    Body { fields, hash }: Body<Create>,
) -> Result<Response, Error> {
    // Whose it is comes before what is wrong with what is said.
    conversations::store::owned(&mut *app.db.read().await?, &user.id, &id).await?;
    if fields.role.as_deref().is_some_and(|role| role != "user") {
        return Err(Error::bad_param("role", "This can only be \"user\"."));
    }
    let (text, files) = blocking(move || unpack(fields.content)).await?;
    let model_id = model(&app, &user, &id, fields.model).await?;
    // Before the answer begins, so that nothing of it is missed.
    let following = Following::new(&app, &id, &key_id);
    let once = Once::new(&sender, &format!("POST /v1/conversations/{id}/messages"), hash);
    // A program that hangs up must not come between what is said and its being remembered: it will ask again.
    let saying = once_said(app.clone(), user, id, say::Message { text, model_id, files }, once);
    let said = app.tasks.spawn(saying).await;
    let begun = said.map_err(|_| Error::Internal("the beginning of an answer panicked".to_owned()))??;
    if fields.stream.unwrap_or(false) {
        return Ok(stream::stream(following, begun));
    }
    let mut following = following.of(&begun);
    while following.is_going_on().await? {}
    Ok(Json(List::whole(following.messages().await?, |message| &message.id)).into_response())
}

/// Says it, unless this request has said it before: then its answer is meant, whether it is being written or not.
async fn once_said(app: App, user: User, id: String, message: say::Message, once: Option<Once>) -> Result<Begun, Error> {
    if let Some(once) = &once
        && let Some(answer_id) = once.made(&mut *app.db.read().await?, &user.id, app.now()).await?
    {
        return Ok(Begun { conversation_id: id, from: answer_id.clone(), answer_id });
    }
    let begun = say::say(&app, &user, &id, message).await.map_err(|error| match error {
        Error::Invalid { field: "model", .. } => Error::NoModel,
        Error::Invalid { words, .. } => Error::bad_param("content", words),
        other => other,
    })?;
    if let Some(once) = once {
        let now = app.now();
        let written = write_tx!(app.db, "remember what a request said", |tx| { once.remember(tx, &user.id, &begun.answer_id, now).await });
        if let Err(error) = written {
            // It was said all the same; only a repeat would not be known.
            warn!(%error, "a request was not remembered");
        }
    }
    Ok(begun)
}

fn unpack(content: Value) -> Result<(String, Vec<Attachment>), Error> {
    let content = content::read(content, "content")?;
    if content.text.contains('\0') {
        return Err(Error::bad_param("content", "This holds a character that can't be stored (U+0000). Take it out."));
    }
    let files = content.pictures.into_iter().map(|picture| {
        let size = imagesize::blob_size(&picture.bytes).ok();
        let size = size.and_then(|size| u32::try_from(size.width).ok().zip(u32::try_from(size.height).ok()));
        Attachment { name: "picture".to_owned(), content: Content::Picture { media_type: picture.media_type, bytes: picture.bytes, size } }
    });
    let files: Vec<Attachment> = files.collect();
    if files.len() > crate::answers::attachments::MAX_FILES {
        let words = format!("A message can have {} pictures. Send the others with the next one.", crate::answers::attachments::MAX_FILES);
        return Err(Error::bad_param("content", words));
    }
    Ok((content.text, files))
}

/// The model that is meant; empty: the default.
async fn model(app: &App, user: &User, conversation_id: &str, named: Option<String>) -> Result<String, Error> {
    if let Some(named) = named {
        return if named.is_empty() { Err(Error::NoModel) } else { Ok(named) };
    }
    let last = store::last_model(&mut *app.db.read().await?, conversation_id).await?.unwrap_or_default();
    let is_there = catalog::available(app, user).await?.iter().any(|model| model.id == last);
    Ok(if is_there { last } else { String::new() })
}
