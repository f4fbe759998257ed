//! Deletes what was said, for good.

use axum::extract::State;
use axum::response::Response;

use super::{enter, seat};
use crate::app::App;
use crate::error::Error;
use crate::guests::chat;
use crate::guests::cookie::Secret;
use crate::http::client::ClientAddress;
use crate::http::extract::Path;

/// `POST /g/{token}/clear`
pub async fn clear(State(app): State<App>, from: ClientAddress, secret: Secret, Path(token): Path<String>) -> Result<Response, Error> {
    let link = enter(&app, &token, from).await?;
    chat::clear(&app, &seat(&app, &link, &secret, from).await?).await
}
