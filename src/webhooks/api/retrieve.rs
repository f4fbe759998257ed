//! `GET /v1/webhook_endpoints/{endpoint_id}`

use axum::Json;
use axum::extract::State;

use super::id;
use super::object::WebhookEndpoint;
use crate::api::body::{Nothing, Params};
use crate::api::caller::{Caller, WebhooksRead};
use crate::api::document::Refusals;
use crate::app::App;
use crate::error::Error;
use crate::http::extract::Path;
use crate::webhooks::store;

/// Look at one of your webhook endpoints
#[utoipa::path(
    get, path = "/v1/webhook_endpoints/{endpoint_id}", operation_id = "retrieveWebhookEndpoint", tag = "Webhooks",
    params(("endpoint_id" = String, Path, description = "The endpoint's id.")),
    responses((status = 200, description = "The endpoint.", body = WebhookEndpoint), Refusals),
    security(("api_key" = ["webhooks:read"])),
)]
pub async fn retrieve(
    State(app): State<App>,
    Caller { user, .. }: Caller<WebhooksRead>,
    Path(endpoint_id): Path<String>,
    Params(Nothing {}): Params<Nothing>,
) -> Result<Json<WebhookEndpoint>, Error> {
    let endpoint = store::owned(&mut *app.db.read().await?, &user.id, id(&endpoint_id)?).await?;
    Ok(Json(WebhookEndpoint::of(endpoint)))
}
