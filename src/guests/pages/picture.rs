//! The picture of the version that is published; no other can be asked for.

use axum::extract::State;
use axum::response::Response;

use crate::app::App;
use crate::assistants;
use crate::error::Error;
use crate::guests::door::Door;
use crate::http::extract::Path;

/// `GET /g/{token}/picture`, `GET /embed/g/{token}/picture`
pub async fn show(State(app): State<App>, door: Door, Path(token): Path<String>) -> Result<Response, Error> {
    let link = door.enter(&app, &token).await?;
    let mut tx = app.db.read().await?;
    let face = assistants::store::given_out(&mut tx, &link.target_id).await?;
    assistants::pages::picture::answer(&mut tx, &link.target_id, &face.picture_id).await
}
