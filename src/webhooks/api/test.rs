//! `POST /v1/webhook_endpoints/{endpoint_id}/test`

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::id;
use super::object::WebhookEventType;
use crate::api::body::Body;
use crate::api::caller::{Caller, WebhooksWrite};
use crate::api::document::Refusals;
use crate::app::App;
use crate::error::Error;
use crate::http::extract::Path;
use crate::webhooks::event::EventType;
use crate::webhooks::send::Answer;
use crate::webhooks::trial;

/// What to send.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TestWebhookEndpoint)]
pub struct Test {
    /// A sample of this event.
    #[schema(value_type = WebhookEventType)]
    event_type: String,
}

/// What the endpoint answered.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookTest {
    /// Always `webhook_endpoint.test`.
    #[schema(example = "webhook_endpoint.test")]
    object: &'static str,
    /// Which endpoint.
    #[schema(example = "whe_3bXkQ2mVt8nYw5LrC7dPzF")]
    webhook_endpoint_id: String,
    /// What was sent.
    #[schema(example = "shared_link.created")]
    event_type: String,
    /// The HTTP status of its answer.
    #[schema(example = 200)]
    status_code: i64,
    /// Always true: it answered. Whether it took it, the status says.
    #[schema(example = true)]
    success: bool,
}

/// Send a sample to a webhook endpoint
///
/// At once, whether it is on or not, and once. The ids in it are of nothing.
#[utoipa::path(
    post, path = "/v1/webhook_endpoints/{endpoint_id}/test", operation_id = "testWebhookEndpoint", tag = "Webhooks",
    params(("endpoint_id" = String, Path, description = "The endpoint's id.")),
    request_body = Test,
    responses(
        (status = 200, description = "It answered.", body = WebhookTest),
        (status = 413, description = "A body over 1 MB.", body = crate::api::document::ErrorBody),
        (status = 422, description = "It didn't answer; the message says why.", body = crate::api::document::ErrorBody),
        Refusals,
    ),
    security(("api_key" = ["webhooks:write"])),
)]
pub async fn test(
    State(app): State<App>,
    Caller { user, .. }: Caller<WebhooksWrite>,
    Path(endpoint_id): Path<String>,
    Body { fields, .. }: Body<Test>,
) -> Result<Json<WebhookTest>, Error> {
    let known = EventType::ALL.map(EventType::as_str).join(", ");
    let kind = EventType::parse(&fields.event_type)
        .ok_or_else(|| Error::bad_param("event_type", format!("There is no such event. There are: {known}.")))?;
    match trial::send_sample(&app, &user.id, id(&endpoint_id)?, kind).await? {
        Answer::None(words) => Err(Error::Unprocessable { param: "url", code: "endpoint_unreachable", words }),
        answer @ Answer::Status(_) => Ok(Json(WebhookTest {
            object: "webhook_endpoint.test",
            webhook_endpoint_id: endpoint_id,
            event_type: fields.event_type,
            status_code: answer.status(),
            success: true,
        })),
    }
}
