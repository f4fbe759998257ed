//! Stops the answer that is being written.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use super::{enter, seat};
use crate::app::App;
use crate::error::Error;
use crate::guests::chat;
use crate::guests::cookie::Secret;
use crate::http::client::ClientAddress;
use crate::http::extract::Path;

/// `POST /g/{token}/stop`
pub async fn stop(
    State(app): State<App>,
    from: ClientAddress,
    secret: Secret,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let link = enter(&app, &token, from).await?;
    chat::stop(&app, &seat(&app, &link, &secret, from).await?, &headers).await
}
