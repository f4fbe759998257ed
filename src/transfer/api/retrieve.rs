//! `GET /v1/imports/{import_id}`

use axum::Json;
use axum::extract::State;

use super::object::Import;
use crate::api::body::{Nothing, Params};
use crate::api::caller::{Caller, ConversationsRead};
use crate::api::document::Refusals;
use crate::app::App;
use crate::error::Error;
use crate::http::extract::Path;
use crate::transfer::store;

/// See how far an import is
///
/// Ask again while it is `running`; then it says what was taken, what was left out and why.
#[utoipa::path(
    get, path = "/v1/imports/{import_id}", operation_id = "retrieveImport", tag = "Imports",
    params(("import_id" = String, Path, description = "The import's id.")),
    responses((status = 200, description = "The import.", body = Import), Refusals),
    security(("api_key" = ["conversations:read"])),
)]
pub async fn retrieve(
    State(app): State<App>,
    Caller { user, .. }: Caller<ConversationsRead>,
    Path(id): Path<String>,
    Params(Nothing {}): Params<Nothing>,
) -> Result<Json<Import>, Error> {
    let import = store::import(&mut *app.db.read().await?, &user.id, &id, app.now()).await?;
    Ok(Json(Import::of(import)?))
}
