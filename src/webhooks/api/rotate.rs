//! `POST /v1/webhook_endpoints/{endpoint_id}/rotate_secret`

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

use super::id;
use super::object::WebhookEndpoint;
use crate::api::body::{Body, given};
use crate::api::caller::{Caller, WebhooksWrite};
use crate::api::document::Refusals;
use crate::app::App;
use crate::audit::Via;
use crate::error::Error;
use crate::http::extract::Path;
use crate::webhooks::manage;

/// How.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RotateWebhookSecret)]
pub struct Rotate {
    /// Sign with the old secret too, for a day, so that the new one can be put in place without a gap.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, default = false)]
    keep_old_secret_active_for_24_hours: Option<bool>,
}

/// Give a webhook endpoint a new secret
#[utoipa::path(
    post, path = "/v1/webhook_endpoints/{endpoint_id}/rotate_secret", operation_id = "rotateWebhookSecret", tag = "Webhooks",
    params(("endpoint_id" = String, Path, description = "The endpoint's id.")),
    request_body = Rotate,
    responses(
        (status = 200, description = "The endpoint, with its new secret.", body = WebhookEndpoint),
        (status = 413, description = "A body over 1 MB.", body = crate::api::document::ErrorBody),
        Refusals,
    ),
    security(("api_key" = ["webhooks:write"])),
)]
pub async fn rotate(
    State(app): State<App>,
    Caller { user, .. }: Caller<WebhooksWrite>,
    Path(endpoint_id): Path<String>,
    Body { fields, .. }: Body<Rotate>,
) -> Result<Json<WebhookEndpoint>, Error> {
    let keep_old = fields.keep_old_secret_active_for_24_hours == Some(true);
    let (endpoint, secret) = manage::rotate(&app, &user.id, id(&endpoint_id)?, keep_old, Via::Api).await?;
    Ok(Json(WebhookEndpoint::with_secret(endpoint, &secret)))
}
