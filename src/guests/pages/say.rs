//! Sends a message. A guest's first one makes them, and their cookie; a member's begins a conversation of theirs.

use axum::extract::State;
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};

use super::{base, enter};
use crate::answers::{attachments, say};
use crate::app::App;
use crate::error::Error;
use crate::guests::chat;
use crate::guests::cookie::{self, Secret};
use crate::guests::seat::{self, Seat};
use crate::http::auth::CurrentUser;
use crate::http::client::ClientAddress;
use crate::http::extract::Path;
use crate::ids;

/// `POST /g/{token}/messages`
pub async fn say(
    State(app): State<App>,
    from: ClientAddress,
    visitor: Option<CurrentUser>,
    secret: Secret,
    Path(token): Path<String>,
    headers: HeaderMap,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, Error> {
    let link = enter(&app, &token, from).await?;
    let message = attachments::receive(form).await?;
    if let Some(CurrentUser { user, .. }) = visitor {
        let place = seat::member(&app, &link, Some(from)).await?;
        let voice = seat::voice(&app, place, &link.target_id).await?;
        let begun = say::begin_with(&app, &user, voice, message).await?;
        return Ok(Redirect::to(&format!("/c/{}", begun.conversation_id)).into_response());
    }
    let secret = secret.0.unwrap_or_else(ids::new_secret);
    let seat = Seat::of_guest(&app, &link, &secret, from, base(&token)).await?;
    let said = chat::say(&app, &seat, message, &headers).await?;
    // Sent with each message: it lives as long as what was said.
    Ok((AppendHeaders([(SET_COOKIE, cookie::bake(&app.config, secret).to_string())]), said).into_response())
}
