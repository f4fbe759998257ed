//! `GET /v1/webhook_endpoints`

use axum::Json;
use axum::extract::State;

use super::object::WebhookEndpoint;
use crate::api::body::Nothing;
use crate::api::caller::{Caller, WebhooksRead};
use crate::api::document::Refusals;
use crate::api::list::{List, Listing, Page};
use crate::app::App;
use crate::error::Error;
use crate::webhooks::store;

/// List your webhook endpoints
///
/// Newest first. There are ten at the most.
#[utoipa::path(
    get, path = "/v1/webhook_endpoints", operation_id = "listWebhookEndpoints", tag = "Webhooks",
    params(Page),
    responses((status = 200, description = "A page of endpoints.", body = List<WebhookEndpoint>), Refusals),
    security(("api_key" = ["webhooks:read"])),
)]
pub async fn list(
    State(app): State<App>,
    Caller { user, .. }: Caller<WebhooksRead>,
    Listing { place, wanted: Nothing {} }: Listing<Nothing>,
) -> Result<Json<List<WebhookEndpoint>>, Error> {
    let mut all = store::of_user(&mut *app.db.read().await?, &user.id).await?;
    if place.reads_ascending() {
        all.reverse();
    }
    let behind = match &place.cursor {
        Some(cursor) => all.iter().position(|endpoint| endpoint.id == cursor.id()).ok_or_else(|| cursor.unknown())? + 1,
        None => 0,
    };
    let found = all.into_iter().skip(behind).take(place.limit + 1).collect();
    Ok(Json(place.page(found, |endpoint| &endpoint.id, WebhookEndpoint::of)))
}
