//! `GET /v1/models`

use axum::Json;
use axum::extract::State;

use super::object::{Model, ModelList};
use crate::api::body::{Nothing, Params};
use crate::api::caller::{Caller, Chat};
use crate::api::document::Refusals;
use crate::app::App;
use crate::error::Error;
use crate::providers::catalog;

/// List the models that you may use
///
/// All of them on one page, the one that new chats begin with first.
#[utoipa::path(
    get, path = "/v1/models", operation_id = "listModels", tag = "Models",
    responses((status = 200, description = "Your models.", body = ModelList), Refusals),
    security(("api_key" = ["chat"])),
)]
pub async fn list(
    State(app): State<App>,
    Caller { user, .. }: Caller<Chat>,
    Params(Nothing {}): Params<Nothing>,
) -> Result<Json<ModelList>, Error> {
    let data = catalog::available(&app, &user).await?.into_iter().map(Model::of).collect();
    Ok(Json(ModelList { object: "list", data }))
}
