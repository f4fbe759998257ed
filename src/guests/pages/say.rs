//! Sends a message. A guest's first one makes them, and their cookie; a member's begins a conversation of theirs.

use axum::extract::State;
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};

use crate::answers::{attachments, say};
use crate::app::App;
use crate::error::Error;
use crate::guests::door::Door;
use crate::guests::{chat, cookie, seat};
use crate::http::extract::Path;
use crate::ids;

/// `POST /g/{token}/messages`, `POST /embed/g/{token}/messages`
pub async fn say(
    State(app): State<App>,
    door: Door,
    Path(token): Path<String>,
    headers: HeaderMap,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, Error> {
    let link = door.enter(&app, &token).await?;
    let message = attachments::receive(form).await?;
    if let Some(member) = &door.member {
        let place = seat::member(&app, &link, Some(door.from)).await?;
        let voice = seat::voice(&app, place, &link.target_id).await?;
        let begun = say::begin_with(&app, &member.user, voice, message).await?;
        return Ok(Redirect::to(&format!("/c/{}", begun.conversation_id)).into_response());
    }
    let secret = door.secret.0.clone().unwrap_or_else(ids::new_secret);
    let seat = door.seat_of(&app, &link, &secret).await?;
    let said = chat::say(&app, &seat, message, &headers).await?;
    // Sent with each message: it lives as long as what was said.
    let cookie = cookie::bake(&app.config, secret, door.framed).to_string();
    Ok((AppendHeaders([(SET_COOKIE, cookie)]), said).into_response())
}
