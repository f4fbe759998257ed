//! Takes a chat along into one's account.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};

use super::{base, enter};
use crate::app::App;
use crate::error::Error;
use crate::guests::cookie::Secret;
use crate::guests::keep;
use crate::http::auth::CurrentUser;
use crate::http::client::ClientAddress;
use crate::http::extract::Path;
use crate::write_tx;

/// `POST /g/{token}/keep`
pub async fn keep(
    State(app): State<App>,
    from: ClientAddress,
    visitor: Option<CurrentUser>,
    secret: Secret,
    Path(token): Path<String>,
) -> Result<Response, Error> {
    let link = enter(&app, &token, from).await?;
    let CurrentUser { user, .. } = visitor.ok_or(Error::SignInRequired)?;
    let now = app.now();
    let kept = match keep::Left::at(&link.id, &secret) {
        Some(left) => write_tx!(app.db, "keep a guest's chat", |tx| { keep::take_along(tx, &user.id, &left, now).await })?,
        None => None,
    };
    // For the index of words; without it the chat is found a few seconds later.
    app.jobs.wake();
    Ok(Redirect::to(&kept.map_or_else(|| base(&token), |id| format!("/c/{id}"))).into_response())
}
