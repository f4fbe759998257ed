//! What a guest does, wherever their chat is.

use std::convert::Infallible;

use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, Sse};
use axum::response::{Html, IntoResponse, Redirect, Response};
use futures_util::stream::Stream;

use super::ear::Ear;
use super::seat::{self, Seat};
use super::show;
use crate::answers::pages::events::{self, Has, Listener};
use crate::answers::pages::markup;
use crate::answers::say::{self, Message};
use crate::answers::stop::stop as stop_answer;
use crate::app::App;
use crate::audit::Via;
use crate::conversations::delete::delete;
use crate::conversations::pages::wants_fragment;
use crate::conversations::thread;
use crate::error::Error;

/// Sends a message; the first one begins the conversation.
pub async fn say(app: &App, seat: &Seat, message: Message, headers: &HeaderMap) -> Result<Response, Error> {
    let voice = seat::voice(app, seat.place.clone(), &seat.assistant_id).await?;
    let Some(id) = &seat.conversation_id else {
        say::begin_with(app, &seat.guest, voice, message).await?;
        return Ok(Redirect::to(&seat.base).into_response());
    };
    let begun = say::say_with(app, &seat.guest, id, voice, message).await?;
    if !wants_fragment(headers) {
        return Ok(Redirect::to(&format!("{}#{}", seat.base, begun.from)).into_response());
    }
    let (mut turns, _) = thread::read_from(app, &seat.guest, id, &begun.from).await?;
    show::dress(&mut turns);
    Ok(Html(markup(turns)?).into_response())
}

/// Stops the answer that is being written.
pub async fn stop(app: &App, seat: &Seat, headers: &HeaderMap) -> Result<Response, Error> {
    // Where nothing was said there is nothing to stop.
    if let Some(id) = &seat.conversation_id {
        stop_answer(app, &seat.guest, id).await?;
    }
    Ok(if wants_fragment(headers) { StatusCode::NO_CONTENT.into_response() } else { Redirect::to(&seat.base).into_response() })
}

/// Deletes what was said; the next message begins anew.
pub async fn clear(app: &App, seat: &Seat) -> Result<Response, Error> {
    if let Some(id) = &seat.conversation_id {
        delete(app, &seat.guest, id, Via::Web).await?;
    }
    Ok(Redirect::to(&seat.base).into_response())
}

/// What happens in the chat, as it happens.
pub async fn events(
    app: App,
    seat: Seat,
    has: Has,
    headers: &HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>> + use<>>, Error> {
    let id = seat.conversation_id.ok_or(Error::NotFound)?;
    let link_id = seat.place.link_id().map(str::to_owned);
    let ear = Ear::new(seat.session_id, link_id);
    events::line(app, seat.guest, Listener::Guest(ear), id, has, headers).await
}
