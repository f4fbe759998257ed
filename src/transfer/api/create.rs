//! `POST /v1/imports`

use axum::Json;
use axum::extract::State;
use utoipa::ToSchema;

use super::object::Import;
use crate::api::caller::{Caller, ConversationsWrite};
use crate::api::document::{ErrorBody, Refusals};
use crate::app::App;
use crate::audit::Via;
use crate::error::Error;
use crate::transfer::upload::Incoming;
use crate::transfer::{background, store};

/// Where it is received.
pub const PATH: &str = "/v1/imports";

/// A form with a file, as OpenAI's clients send files.
#[derive(ToSchema)]
#[schema(as = CreateImport)]
#[expect(dead_code, reason = "for the document; the file is streamed to disk")]
pub struct Create {
    /// An export of `ChatGPT` (its ZIP, or `conversations.json`), messages in the Chat Completions form, or a session of
    /// Claude Code or Codex.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Import conversations
///
/// They become yours, with their branches, times and pictures, and are private until you share them. The same file adds
/// nothing twice, so a repeat is harmless. One import of a person's runs at a time; the answer comes when the file is here
/// and was recognised.
#[utoipa::path(
    post, path = "/v1/imports", operation_id = "createImport", tag = "Imports",
    request_body(content = Create, content_type = "multipart/form-data"),
    responses(
        (status = 200, description = "The import, running.", body = Import),
        (status = 413, description = "A file larger than the server takes.", body = ErrorBody),
        Refusals,
    ),
    security(("api_key" = ["conversations:write"])),
)]
pub async fn create(
    State(app): State<App>,
    Caller { user, .. }: Caller<ConversationsWrite>,
    form: Incoming,
) -> Result<Json<Import>, Error> {
    let id = background::receive(&app, &user, form, Via::Api).await?;
    let import = store::import(&mut *app.db.read().await?, &user.id, &id, app.now()).await?;
    Ok(Json(Import::of(import)?))
}
