//! `POST /v1/webhook_endpoints/{endpoint_id}`

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

use super::id;
use super::object::{WebhookEndpoint, WebhookEventType};
use crate::api::body::{Body, given};
use crate::api::caller::{Caller, WebhooksWrite};
use crate::api::document::Refusals;
use crate::app::App;
use crate::audit::Via;
use crate::error::Error;
use crate::http::extract::Path;
use crate::webhooks::event::EventTypes;
use crate::webhooks::manage::{self, Wish};

/// What is to change; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = UpdateWebhookEndpoint)]
pub struct Update {
    /// What you call it.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, min_length = 1, max_length = 60, example = "Dashboard")]
    name: Option<String>,
    /// Where it is.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, min_length = 1, max_length = 2000, example = "https://dashboard.example/hooks/links")]
    url: Option<String>,
    /// All that it is told.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Vec<WebhookEventType>>, nullable = false, min_items = 1)]
    event_types: Option<Vec<String>>,
    /// Whether it is told anything. What happens while it is off is not told later.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    enabled: Option<bool>,
}

/// Change a webhook endpoint, or switch it off or on
#[utoipa::path(
    post, path = "/v1/webhook_endpoints/{endpoint_id}", operation_id = "updateWebhookEndpoint", tag = "Webhooks",
    params(("endpoint_id" = String, Path, description = "The endpoint's id.")),
    request_body = Update,
    responses(
        (status = 200, description = "The endpoint as it is now.", body = WebhookEndpoint),
        (status = 413, description = "A body over 1 MB.", body = crate::api::document::ErrorBody),
        Refusals,
    ),
    security(("api_key" = ["webhooks:write"])),
)]
pub async fn update(
    State(app): State<App>,
    Caller { user, .. }: Caller<WebhooksWrite>,
    Path(endpoint_id): Path<String>,
    Body { fields, .. }: Body<Update>,
) -> Result<Json<WebhookEndpoint>, Error> {
    let event_types = fields.event_types.map(|names| EventTypes::named(names.iter().map(String::as_str))).transpose()?;
    let wish = Wish { name: fields.name, url: fields.url, event_types, enabled: fields.enabled };
    let endpoint = manage::change(&app, &user.id, id(&endpoint_id)?, &wish, Via::Api).await?;
    Ok(Json(WebhookEndpoint::of(endpoint)))
}
