//! What happens in the chat, as it happens.

use std::convert::Infallible;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, Sse};
use futures_util::stream::Stream;

use crate::answers::pages::events::Has;
use crate::app::App;
use crate::error::Error;
use crate::guests::chat;
use crate::guests::door::Door;
use crate::http::extract::{Path, Query};

/// `GET /g/{token}/events?have=&last=`, `GET /embed/g/{token}/events?have=&last=`
pub async fn events(
    State(app): State<App>,
    door: Door,
    Path(token): Path<String>,
    Query(has): Query<Has>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Error> {
    let link = door.enter(&app, &token).await?;
    let seat = door.seat(&app, &link).await?;
    chat::events(app, seat, has, &headers).await
}
