//! A new chat with an assistant.

use askama::Template;
use axum::extract::State;
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::response::{IntoResponse, Redirect, Response};

use super::Portrait;
use crate::answers::composer::{self, Composer};
use crate::answers::{attachments, say};
use crate::app::App;
use crate::assistants::store;
use crate::assistants::version::Face;
use crate::assistants::voice::Voice;
use crate::conversations::sidebar::{self, AppFrame};
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::http::extract::Path;
use crate::pages::view::html;

#[derive(Template)]
#[template(path = "assistants/start.html")]
struct StartPage {
    frame: AppFrame,
    id: String,
    portrait: Portrait,
    face: Face,
    owner_name: String,
    edits: bool,
    composer: Composer,
}

/// `GET /assistants/{id}`
pub async fn show(State(app): State<App>, CurrentUser { user, .. }: CurrentUser, Path(id): Path<String>) -> Result<Response, Error> {
    let mut tx = app.db.read().await?;
    let assistant = store::usable(&mut tx, &user.id, &id).await?;
    let face = store::version(&mut tx, &id, assistant.spoken()).await?.face;
    drop(tx);
    html(&StartPage {
        frame: sidebar::frame(&app, &user, None).await?,
        portrait: Portrait::of(&id, &face.name, &face.emoji, &face.picture_id),
        composer: composer::with_assistant(format!("/assistants/{id}/chats"), &face.name),
        edits: assistant.is_editable(),
        owner_name: assistant.owner_name,
        id,
        face,
    })
}

/// `POST /assistants/{id}/chats`
pub async fn begin(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Path(id): Path<String>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, Error> {
    let message = attachments::receive(form).await?;
    let voice = Voice::of(&app, &user, &id).await?;
    let begun = say::begin_with(&app, &user, voice, message).await?;
    Ok(Redirect::to(&format!("/c/{}", begun.conversation_id)).into_response())
}
