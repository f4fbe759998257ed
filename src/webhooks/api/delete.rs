//! `DELETE /v1/webhook_endpoints/{endpoint_id}`

use axum::Json;
use axum::extract::State;

use super::id;
use crate::api::body::{Nothing, Params};
use crate::api::caller::{Caller, WebhooksWrite};
use crate::api::deleted::Deleted;
use crate::api::document::Refusals;
use crate::app::App;
use crate::audit::Via;
use crate::error::Error;
use crate::http::extract::Path;
use crate::webhooks::manage;

/// Remove a webhook endpoint
///
/// Nothing is sent there any more, and what was sent is forgotten.
#[utoipa::path(
    delete, path = "/v1/webhook_endpoints/{endpoint_id}", operation_id = "deleteWebhookEndpoint", tag = "Webhooks",
    params(("endpoint_id" = String, Path, description = "The endpoint's id.")),
    responses((status = 200, description = "It is gone.", body = Deleted), Refusals),
    security(("api_key" = ["webhooks:write"])),
)]
pub async fn delete(
    State(app): State<App>,
    Caller { user, .. }: Caller<WebhooksWrite>,
    Path(endpoint_id): Path<String>,
    Params(Nothing {}): Params<Nothing>,
) -> Result<Json<Deleted>, Error> {
    manage::delete(&app, &user.id, id(&endpoint_id)?, Via::Api).await?;
    Ok(Json(Deleted::new(endpoint_id, "webhook_endpoint.deleted")))
}
