//! `POST /v1/shared_links`

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use serde::Deserialize;
use serde_json::{Value, json};
use takeback_transcripts::chat_completions;
use utoipa::ToSchema;
use utoipa::openapi::schema::{ArrayBuilder, Object, ObjectBuilder, OneOfBuilder, Schema, Type};

use super::object::SharedLink;
use super::{Access, author};
use crate::api::body::{Body, given, object, one_of};
use crate::api::caller::{Caller, SharedLinksWrite};
use crate::api::document::Refusals;
use crate::api::repeat::{Once, Sender};
use crate::app::{App, blocking};
use crate::audit::Via;
use crate::completions::messages::Role;
use crate::conversations::take_in::Unseen;
use crate::error::Error;
use crate::links::expiry::Expiry;
use crate::links::give_out::{self, give_out};
use crate::links::link::Author;
use crate::links::lock::{Half, Wish};
use crate::links::pages::base_url;
use crate::links::publish::{Terms, What, publish_once};
use crate::links::snapshot::MAX_MESSAGES;

/// What is to be shared: either `target` or `messages`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateSharedLink, example = json!({"messages": [{"role": "user", "content": "How long does tea steep?"}], "title": "Tea"}))]
pub struct Create {
    /// A conversation or an assistant of yours.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<CreateTarget>, nullable = false)]
    target: Option<Value>,
    /// Messages that the server has never seen, in the Chat Completions form. They become a conversation of yours, and
    /// its link, in one transaction. System messages are kept, but never shown to visitors.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Vec<ChatMessage>>, nullable = false, min_items = 1)]
    messages: Option<Vec<Value>>,
    /// The title on the page; without it the conversation's. The link to an assistant is called as the assistant is.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, min_length = 1, max_length = 200, example = "Campaign ideas")]
    title: Option<String>,
    /// Whether the page says your name.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Display>, nullable = false)]
    author: Option<String>,
    /// The last message that the page shows; without it the last one of the current branch.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    up_to_message_id: Option<String>,
    /// Only `anyone`: a new link is open.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Access>, nullable = false)]
    access: Option<String>,
    /// When it ends by itself, in Unix seconds. Null: not by itself.
    #[schema(value_type = Option<i64>, required = false, example = 1_769_083_200)]
    #[serde(default)]
    expires_at: Expiry,
    /// How often the link to a conversation can be opened: visitors click before they see anything, and each click is a view.
    /// Null: as often as people like.
    #[serde(default)]
    #[schema(value_type = Option<i64>, required = false, minimum = 1, maximum = 1_000_000, example = 5)]
    max_views: Half<i64>,
    /// What visitors of a conversation type before they see anything. Null: nothing.
    #[serde(default)]
    #[schema(value_type = Option<String>, required = false, min_length = 10, max_length = 256, example = "quartz sphinx of black vow")]
    password: Half<String>,
    /// Whether visitors with an account here can continue a conversation as one of their own; without it they can.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    allow_continue: Option<bool>,
}

/// What a new link is to show.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateTarget {
    /// What it is.
    #[serde(rename = "type")]
    #[schema(value_type = Shareable)]
    kind: String,
    /// Its id.
    #[schema(example = "conv_5kPqR8sTuVwXyZ2aBcDeFg")]
    id: String,
}

/// What can be shared.
#[derive(ToSchema)]
#[schema(as = SharedLinkTargetType, rename_all = "lowercase")]
#[expect(dead_code, reason = "for the document; the value is read as text, so that what is wrong with it can be said")]
enum Shareable {
    /// The whole current branch of a conversation, or a part of it.
    Conversation,
    /// An assistant, in the version that is published. Whoever has the link can talk to it without an account, within
    /// caps that you set in its editor.
    Assistant,
}

/// Whether the page says your name.
#[derive(ToSchema)]
#[schema(as = SharedLinkDisplay, rename_all = "lowercase")]
pub enum Display {
    /// It doesn't.
    Anonymous,
    /// It does.
    Name,
}

/// A message in the Chat Completions form. Fields other than these are allowed.
#[derive(ToSchema)]
#[expect(dead_code, reason = "for the document; the messages are read by the transcripts' parser")]
pub struct ChatMessage {
    /// Who says it.
    #[schema(value_type = Role)]
    role: String,
    /// A text, or a list of content parts; pictures as `data:` addresses.
    #[schema(schema_with = text_or_parts_or_null, required = false)]
    content: Value,
}

/// The form of a message's content, for the document.
pub fn text_or_parts() -> Schema {
    said().into()
}

/// The same where nothing has to be said.
pub fn text_or_parts_or_null() -> Schema {
    said().item(Object::with_type(Type::Null)).into()
}

fn said() -> OneOfBuilder {
    let part = ObjectBuilder::new().property("type", Object::with_type(Type::String)).required("type");
    let text = ObjectBuilder::new().schema_type(Type::String).examples(["How long does tea steep?"]);
    let words = "A text, or a list of content parts; pictures as `data:` addresses.";
    OneOfBuilder::new().item(text).item(ArrayBuilder::new().items(part)).description(Some(words))
}

/// Share a conversation, messages, or an assistant
///
/// Without an `author` nothing on the page leads to you. What the page shows is a copy: later messages stay private
/// until you ask for them.
///
/// Send an `Idempotency-Key` to make a repeat harmless: for a day, a request with the same key gets the link that the
/// first one made (or 404 once that was taken back). The attempts that OpenAI's clients count are understood as well.
#[utoipa::path(
    post, path = "/v1/shared_links", operation_id = "createSharedLink", tag = "Shared links",
    params(("Idempotency-Key" = Option<String>, Header, nullable = false, min_length = 1, max_length = 255, description = "Any text of your own that is the same for the repeat of a request, and for nothing else.")),
    request_body = Create,
    responses(
        (status = 200, description = "The link. Anybody with its address can open it from now on.", body = SharedLink),
        (status = 413, description = "More than a link can show, or a body over 32 MB.", body = crate::api::document::ErrorBody),
        (status = 422, description = "The `Idempotency-Key` was sent with another body before.", body = crate::api::document::ErrorBody),
        Refusals,
    ),
    security(("api_key" = ["shared_links:write"])),
)]
pub async fn create(
    State(app): State<App>,
    Caller { user, .. }: Caller<SharedLinksWrite>,
    sender: Sender,
    headers: HeaderMap,
    Body { fields, hash }: Body<Create>,
) -> Result<Json<SharedLink>, Error> {
    let terms = terms(&fields)?;
    let target: Option<CreateTarget> = fields.target.map(|target| object(Some("target"), target)).transpose()?;
    // PostgreSQL has no text for it, and no id has it.
    if [target.as_ref().map(|target| &target.id), terms.up_to_message_id.as_ref()].into_iter().flatten().any(|id| id.contains('\0')) {
        return Err(Error::NotFound);
    }
    let once = Once::new(&sender, "POST /v1/shared_links", hash);
    let shared = if target.is_some() { "target" } else { "messages" };
    let link = match (target, fields.messages) {
        (Some(target), None) => match one_of("target.type", &target.kind, &["conversation", "assistant"])? {
            "assistant" => give_out(&app, &user, &target.id, of_assistant(&terms)?, once.as_ref(), Via::Api).await,
            _ => publish_once(&app, &user, What::Conversation(&target.id), &terms, once.as_ref(), Via::Api).await,
        },
        (None, Some(messages)) => {
            if terms.up_to_message_id.is_some() {
                let words = "Messages that the server has never seen have no ids. Leave out those behind it.";
                return Err(Error::bad_param("up_to_message_id", words));
            }
            let unseen = unseen(messages).await?;
            publish_once(&app, &user, What::Unseen(&unseen), &terms, once.as_ref(), Via::Api).await
        }
        (Some(_), Some(_)) => return Err(Error::bad_param("messages", "Give target or messages, not both.")),
        (None, None) => return Err(Error::bad_param("target", "Say what to share: a target, or messages.")),
    };
    let link = link.map_err(|error| match error {
        Error::Invalid { field: "conversation" | "assistant", words } => Error::bad_param(shared, words),
        other => other,
    })?;
    Ok(Json(SharedLink::of(&base_url(&app, &headers), &user.name, &link, app.now())))
}

fn of_assistant(terms: &Terms) -> Result<give_out::Terms, Error> {
    if terms.title.is_some() {
        return Err(Error::bad_param("title", "The link to an assistant is called as the assistant is. Leave it out."));
    }
    if terms.up_to_message_id.is_some() {
        return Err(Error::bad_param("up_to_message_id", "An assistant has no messages. Leave it out."));
    }
    terms.fit_an_assistant()?;
    Ok(give_out::Terms { author: terms.author, expiry: terms.expiry })
}

fn terms(fields: &Create) -> Result<Terms, Error> {
    if fields.access.as_deref().is_some_and(|access| access != "anyone") {
        return Err(Error::bad_param("access", "A new link can be opened by \"anyone\" who has the address. Pause it afterwards."));
    }
    Ok(Terms {
        title: fields.title.clone(),
        author: fields.author.as_deref().map_or(Ok(Author::Anonymous), author)?,
        up_to_message_id: fields.up_to_message_id.clone(),
        expiry: fields.expires_at,
        lock: Wish { password: fields.password.clone(), max_views: fields.max_views },
        read_only: fields.allow_continue == Some(false),
    })
}

/// Messages that the server has never seen.
///
/// # Errors
/// [`Error::BadRequest`] with the place of what can't be taken; [`Error::TooLarge`] for more than a link can show.
pub async fn unseen(messages: Vec<Value>) -> Result<Unseen, Error> {
    if messages.len() > MAX_MESSAGES {
        return Err(Error::TooLarge(format!("A link can show {MAX_MESSAGES} messages, and these are more.")));
    }
    typed(&messages)?;
    blocking(move || {
        let transcript = chat_completions::parse(&serde_json::to_vec(&json!({"messages": messages}))?);
        transcript.map(Unseen::of).map_err(|error| match error {
            takeback_transcripts::Error::Invalid { param, reason } => Error::BadRequest { param, words: reason },
            other => Error::bad_param("messages", other.to_string()),
        })
    })
    .await
}

/// Files of other programs are read as well as can be; who speaks to this API can be told.
fn typed(messages: &[Value]) -> Result<(), Error> {
    for (at, message) in messages.iter().enumerate() {
        for (part_at, part) in message["content"].as_array().into_iter().flatten().enumerate() {
            if part.is_object() && !part["type"].is_string() {
                let place = format!("messages[{at}].content[{part_at}].type");
                return Err(Error::bad_param(place, "A content part says what it is, such as \"text\"."));
            }
            if part.is_string() {
                let place = format!("messages[{at}].content[{part_at}]");
                return Err(Error::bad_param(place, "A content part is an object with a type."));
            }
        }
    }
    Ok(())
}
