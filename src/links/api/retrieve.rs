//! `GET /v1/shared_links/{link_id}`

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;

use super::id;
use super::object::SharedLink;
use crate::api::body::{Nothing, Params};
use crate::api::caller::{Caller, SharedLinksRead};
use crate::api::document::Refusals;
use crate::app::App;
use crate::error::Error;
use crate::http::extract::Path;
use crate::links::pages::base_url;
use crate::links::store;

/// Look at one of your links
#[utoipa::path(
    get, path = "/v1/shared_links/{link_id}", operation_id = "retrieveSharedLink", tag = "Shared links",
    params(("link_id" = String, Path, description = "The link's id, or the last segment of its address.")),
    responses((status = 200, description = "The link.", body = SharedLink), Refusals),
    security(("api_key" = ["shared_links:read"])),
)]
pub async fn retrieve(
    State(app): State<App>,
    Caller { user, .. }: Caller<SharedLinksRead>,
    Path(link_id): Path<String>,
    Params(Nothing {}): Params<Nothing>,
    headers: HeaderMap,
) -> Result<Json<SharedLink>, Error> {
    let link_id = id(&link_id)?;
    app.views.refresh(&app.db).await;
    let link = store::owned(&mut *app.db.read().await?, &user.id, &link_id).await?;
    Ok(Json(SharedLink::of(&base_url(&app, &headers), &user.name, &link, app.now())))
}
