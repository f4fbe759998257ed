//! `GET /v1/webhook_endpoints/{endpoint_id}/deliveries`, and sending one again.

use axum::Json;
use axum::extract::State;

use super::id;
use super::object::WebhookDelivery;
use crate::api::body::{Nothing, Params};
use crate::api::caller::{Caller, WebhooksRead, WebhooksWrite};
use crate::api::document::Refusals;
use crate::api::list::{List, Listing, Page};
use crate::app::App;
use crate::error::Error;
use crate::http::extract::Path;
use crate::ids;
use crate::webhooks::{manage, store};

/// List what a webhook endpoint was told in the last thirty days
#[utoipa::path(
    get, path = "/v1/webhook_endpoints/{endpoint_id}/deliveries", operation_id = "listWebhookDeliveries", tag = "Webhooks",
    params(("endpoint_id" = String, Path, description = "The endpoint's id."), Page),
    responses((status = 200, description = "A page of deliveries.", body = List<WebhookDelivery>), Refusals),
    security(("api_key" = ["webhooks:read"])),
)]
pub async fn list(
    State(app): State<App>,
    Caller { user, .. }: Caller<WebhooksRead>,
    Path(endpoint_id): Path<String>,
    Listing { place, wanted: Nothing {} }: Listing<Nothing>,
) -> Result<Json<List<WebhookDelivery>>, Error> {
    let endpoint_id = id(&endpoint_id)?;
    let mut tx = app.db.read().await?;
    let endpoint = store::owned(&mut tx, &user.id, endpoint_id).await?;
    let cursor = match &place.cursor {
        Some(cursor) => Some(store::delivery(&mut tx, &endpoint, cursor.id()).await.map_err(|error| match error {
            Error::NotFound => cursor.unknown(),
            other => other,
        })?),
        None => None,
    };
    let found = store::deliveries(&mut tx, &endpoint, cursor.as_ref(), place.reads_ascending(), place.to_fetch()).await?;
    Ok(Json(place.page(found, |delivery| &delivery.id, WebhookDelivery::of)))
}

/// Tell a webhook endpoint something once more
///
/// With the same id and body, from the first attempt on.
#[utoipa::path(
    post, path = "/v1/webhook_endpoints/{endpoint_id}/deliveries/{delivery_id}/retry", operation_id = "retryWebhookDelivery", tag = "Webhooks",
    params(
        ("endpoint_id" = String, Path, description = "The endpoint's id."),
        ("delivery_id" = String, Path, description = "The delivery's id."),
    ),
    responses((status = 200, description = "It is sent soon.", body = WebhookDelivery), Refusals),
    security(("api_key" = ["webhooks:write"])),
)]
pub async fn retry(
    State(app): State<App>,
    Caller { user, .. }: Caller<WebhooksWrite>,
    Path((endpoint_id, delivery_id)): Path<(String, String)>,
    Params(Nothing {}): Params<Nothing>,
) -> Result<Json<WebhookDelivery>, Error> {
    let endpoint_id = id(&endpoint_id)?;
    if !ids::is_id("whd", &delivery_id) {
        return Err(Error::NotFound);
    }
    let delivery = manage::send_again(&app, &user.id, endpoint_id, &delivery_id).await?;
    Ok(Json(WebhookDelivery::of(delivery)))
}
