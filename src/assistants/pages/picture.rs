//! An assistant's picture, for who may talk to it.

use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::assistants::store;
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::http::extract::Path;
use crate::http::headers;
use crate::storage::Tx;

/// `GET /assistants/{id}/picture/{file}`
pub async fn show(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Path((id, file)): Path<(String, String)>,
) -> Result<Response, Error> {
    let mut tx = app.db.read().await?;
    let assistant = store::usable(&mut tx, &user.id, &id).await?;
    // Editors see those of all versions, everybody else the one that was published.
    if !assistant.is_editable() && store::version(&mut tx, &id, assistant.published).await?.face.picture_id != file {
        return Err(Error::NotFound);
    }
    answer(&mut tx, &id, &file).await
}

/// The picture itself. Whoever calls this has asked whether it may be seen.
pub async fn answer(tx: &mut Tx, assistant_id: &str, file_id: &str) -> Result<Response, Error> {
    let (media_type, bytes) = store::file(tx, assistant_id, "picture", file_id).await?.ok_or(Error::NotFound)?;
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_str(&media_type).map_err(|_| Error::NotFound)?),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(headers::FILE)),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    Ok((headers, bytes).into_response())
}
