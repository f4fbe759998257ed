//! The chat beside the form, with the newest version: in a frame, and in nobody's list of conversations.

use std::convert::Infallible;

use axum::extract::State;
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::response::sse::{Event, Sse};
use futures_util::stream::Stream;

use super::Portrait;
use crate::answers::attachments;
use crate::answers::pages::events::Has;
use crate::app::App;
use crate::assistants::store;
use crate::error::Error;
use crate::guests::seat::Seat;
use crate::guests::{chat, show};
use crate::http::auth::CurrentUser;
use crate::http::extract::{Path, Query};

/// `GET /assistants/{id}/preview`
pub async fn show(State(app): State<App>, editor: CurrentUser, Path(id): Path<String>) -> Result<Response, Error> {
    let seat = Seat::of_editor(&app, &editor, &id).await?;
    let mut tx = app.db.read().await?;
    let newest = store::editable(&mut tx, &editor.user.id, &id).await?.newest;
    let face = store::version(&mut tx, &id, newest).await?.face;
    drop(tx);
    let picture = Portrait::of(&id, &face.name, &face.emoji, &face.picture_id).picture;
    show::page(&app, &seat, face, picture, None).await
}

/// `POST /assistants/{id}/preview/messages`
pub async fn say(
    State(app): State<App>,
    editor: CurrentUser,
    Path(id): Path<String>,
    headers: HeaderMap,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, Error> {
    let message = attachments::receive(form).await?;
    let seat = Seat::of_editor(&app, &editor, &id).await?;
    chat::say(&app, &seat, message, &headers).await
}

/// `POST /assistants/{id}/preview/stop`
pub async fn stop(State(app): State<App>, editor: CurrentUser, Path(id): Path<String>, headers: HeaderMap) -> Result<Response, Error> {
    chat::stop(&app, &Seat::of_editor(&app, &editor, &id).await?, &headers).await
}

/// `POST /assistants/{id}/preview/clear`
pub async fn clear(State(app): State<App>, editor: CurrentUser, Path(id): Path<String>) -> Result<Response, Error> {
    chat::clear(&app, &Seat::of_editor(&app, &editor, &id).await?).await
}

/// `GET /assistants/{id}/preview/events?have=&last=`
pub async fn events(
    State(app): State<App>,
    editor: CurrentUser,
    Path(id): Path<String>,
    Query(has): Query<Has>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Error> {
    let seat = Seat::of_editor(&app, &editor, &id).await?;
    chat::events(app, seat, has, &headers).await
}
