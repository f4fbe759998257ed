//! Stops the answer that is being written.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use crate::app::App;
use crate::error::Error;
use crate::guests::chat;
use crate::guests::door::Door;
use crate::http::extract::Path;

/// `POST /g/{token}/stop`, `POST /embed/g/{token}/stop`
pub async fn stop(State(app): State<App>, door: Door, Path(token): Path<String>, headers: HeaderMap) -> Result<Response, Error> {
    let link = door.enter(&app, &token).await?;
    chat::stop(&app, &door.seat(&app, &link).await?, &headers).await
}
