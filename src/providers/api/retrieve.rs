//! `GET /v1/models/{model}`

use axum::Json;
use axum::extract::State;

use super::object::Model;
use crate::api::body::{Nothing, Params};
use crate::api::caller::{Caller, Chat};
use crate::api::document::Refusals;
use crate::app::App;
use crate::error::Error;
use crate::http::extract::Path;
use crate::providers::catalog;

/// Look at one model
#[utoipa::path(
    get, path = "/v1/models/{model}", operation_id = "retrieveModel", tag = "Models",
    params(("model" = String, Path, description = "The model's id. Its slashes may be written as they are, or as `%2F`.")),
    responses((status = 200, description = "The model.", body = Model), Refusals),
    security(("api_key" = ["chat"])),
)]
pub async fn retrieve(
    State(app): State<App>,
    Caller { user, .. }: Caller<Chat>,
    Path(id): Path<String>,
    Params(Nothing {}): Params<Nothing>,
) -> Result<Json<Model>, Error> {
    let found = catalog::available(&app, &user).await?.into_iter().find(|model| model.id == id);
    found.map(Model::of).map(Json).ok_or(Error::NoModel)
}
