//! Takes a chat along into one's account.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};

use crate::app::App;
use crate::error::Error;
use crate::guests::door::Door;
use crate::guests::keep;
use crate::http::extract::Path;
use crate::write_tx;

/// `POST /g/{token}/keep`
pub async fn keep(State(app): State<App>, door: Door, Path(token): Path<String>) -> Result<Response, Error> {
    let link = door.enter(&app, &token).await?;
    let member = door.member.as_ref().ok_or(Error::SignInRequired)?;
    let now = app.now();
    let kept = match keep::Left::at(&link.id, &door.secret) {
        Some(left) => write_tx!(app.db, "keep a guest's chat", |tx| { keep::take_along(tx, &member.user.id, &left, now).await })?,
        None => None,
    };
    // For the index of words; without it the chat is found a few seconds later.
    app.jobs.wake();
    Ok(Redirect::to(&kept.map_or_else(|| door.base(&link), |id| format!("/c/{id}"))).into_response())
}
