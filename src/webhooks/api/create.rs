//! `POST /v1/webhook_endpoints`

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

use super::object::{WebhookEndpoint, WebhookEventType};
use crate::api::body::{Body, given};
use crate::api::caller::{Caller, WebhooksWrite};
use crate::api::document::Refusals;
use crate::app::App;
use crate::audit::Via;
use crate::error::Error;
use crate::webhooks::event::EventTypes;
use crate::webhooks::manage::{self, Wish};

/// What is to be told where.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateWebhookEndpoint)]
pub struct Create {
    /// What you call it.
    #[schema(min_length = 1, max_length = 60, example = "Dashboard")]
    name: String,
    /// Where it is: https, at a public address.
    #[schema(min_length = 1, max_length = 2000, example = "https://dashboard.example/hooks/links")]
    url: String,
    /// What it is told.
    #[schema(value_type = Vec<WebhookEventType>, min_items = 1)]
    event_types: Vec<String>,
    /// Whether it is told anything; true if it is left out.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    enabled: Option<bool>,
}

/// Have a program told what happens to your links
///
/// Requests are signed as Standard Webhooks says, with the secret that stands in this answer and in no other. They hold
/// ids, times and numbers, and nothing that anybody wrote. What is not taken is sent again for about a day.
#[utoipa::path(
    post, path = "/v1/webhook_endpoints", operation_id = "createWebhookEndpoint", tag = "Webhooks",
    request_body = Create,
    responses(
        (status = 200, description = "The endpoint, with its secret.", body = WebhookEndpoint),
        (status = 413, description = "A body over 1 MB.", body = crate::api::document::ErrorBody),
        Refusals,
    ),
    security(("api_key" = ["webhooks:write"])),
)]
pub async fn create(
    State(app): State<App>,
    Caller { user, .. }: Caller<WebhooksWrite>,
    Body { fields, .. }: Body<Create>,
) -> Result<Json<WebhookEndpoint>, Error> {
    let wish = Wish {
        name: Some(fields.name),
        url: Some(fields.url),
        event_types: Some(EventTypes::named(fields.event_types.iter().map(String::as_str))?),
        enabled: fields.enabled,
    };
    let (endpoint, secret) = manage::create(&app, &user.id, &wish, Via::Api).await?;
    Ok(Json(WebhookEndpoint::with_secret(endpoint, &secret)))
}
