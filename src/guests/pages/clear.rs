//! Deletes what was said, for good.

use axum::extract::State;
use axum::response::Response;

use crate::app::App;
use crate::error::Error;
use crate::guests::chat;
use crate::guests::door::Door;
use crate::http::extract::Path;

/// `POST /g/{token}/clear`, `POST /embed/g/{token}/clear`
pub async fn clear(State(app): State<App>, door: Door, Path(token): Path<String>) -> Result<Response, Error> {
    let link = door.enter(&app, &token).await?;
    chat::clear(&app, &door.seat(&app, &link).await?).await
}
