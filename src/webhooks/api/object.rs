//! The objects `webhook_endpoint` and `webhook_delivery`.

use serde::Serialize;
use utoipa::ToSchema;

use crate::providers::settings::Key;
use crate::webhooks::endpoint::{Delivery, Endpoint, Progress, State};

/// Where your programs are told what happens to your links.
#[derive(Serialize, ToSchema)]
pub struct WebhookEndpoint {
    /// Its id.
    #[schema(example = "whe_3bXkQ2mVt8nYw5LrC7dPzF")]
    pub id: String,
    /// Always `webhook_endpoint`.
    #[schema(example = "webhook_endpoint")]
    pub object: &'static str,
    /// Unix seconds.
    #[schema(example = 1_768_478_400)]
    pub created_at: i64,
    /// Unix seconds; your last change.
    #[schema(example = 1_768_478_400)]
    pub updated_at: i64,
    /// What you call it.
    #[schema(example = "Dashboard")]
    pub name: String,
    /// Where it is.
    #[schema(example = "https://dashboard.example/hooks/links")]
    pub url: String,
    /// What it is told.
    #[schema(value_type = Vec<WebhookEventType>)]
    pub event_types: Vec<&'static str>,
    /// The secret that requests are signed with, in the form of Standard Webhooks. Only in the answer that makes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "whsec_…")]
    pub signing_secret: Option<String>,
    /// The secret's first and last characters.
    #[schema(example = "whsec_MfK…SwA=")]
    pub signing_secret_hint: String,
    /// Whether it is told anything.
    #[schema(example = true)]
    pub enabled: bool,
    /// `active`; `disabled` by you; `failing`: it failed for five days and was switched off; `gone`: it answered 410
    /// and was switched off.
    #[schema(example = "active")]
    pub status: &'static str,
}

impl WebhookEndpoint {
    /// As its person sees it.
    pub fn of(endpoint: Endpoint) -> Self {
        let seconds = |micros: i64| micros.div_euclid(1_000_000);
        Self {
            object: "webhook_endpoint",
            created_at: seconds(endpoint.created_at),
            updated_at: seconds(endpoint.updated_at),
            event_types: endpoint.event_types.names(),
            signing_secret: None,
            signing_secret_hint: endpoint.hint,
            enabled: endpoint.state == State::On,
            status: match endpoint.state {
                State::On => "active",
                State::Off => "disabled",
                State::Failing => "failing",
                State::Gone => "gone",
            },
            name: endpoint.name,
            url: endpoint.url,
            id: endpoint.id,
        }
    }

    /// The same with a secret that was just made.
    pub fn with_secret(endpoint: Endpoint, secret: &Key) -> Self {
        Self { signing_secret: Some(secret.expose().to_owned()), ..Self::of(endpoint) }
    }
}

/// What can happen.
#[derive(ToSchema)]
pub enum WebhookEventType {
    /// A link was made.
    #[schema(rename = "shared_link.created")]
    Created,
    /// Its title, name, expiry or messages changed.
    #[schema(rename = "shared_link.updated")]
    Updated,
    /// It was taken back, alone or with all others.
    #[schema(rename = "shared_link.deleted")]
    Deleted,
    /// It ended by itself.
    #[schema(rename = "shared_link.expired")]
    Expired,
}

/// One thing that an endpoint is told.
#[derive(Serialize, ToSchema)]
pub struct WebhookDelivery {
    /// Its id, which is the header `webhook-id`, the same at each attempt.
    #[schema(example = "whd_3bXkQ2mVt8nYw5LrC7dPzF")]
    pub id: String,
    /// Always `webhook_delivery`.
    #[schema(example = "webhook_delivery")]
    pub object: &'static str,
    /// Unix seconds.
    #[schema(example = 1_768_478_400)]
    pub created_at: i64,
    /// What happened.
    #[schema(example = "shared_link.created")]
    pub event_type: String,
    /// `waiting`, `delivered` or `failed`.
    #[schema(example = "delivered")]
    pub status: &'static str,
    /// Attempts so far.
    #[schema(example = 1)]
    pub attempts: i64,
    /// The HTTP status of the last answer; null: there was none.
    #[schema(required = true, example = 200)]
    pub status_code: Option<i64>,
    /// What went wrong, in our words; null: nothing.
    #[schema(required = true)]
    pub problem: Option<String>,
    /// Unix seconds; null: never tried.
    #[schema(required = true, example = 1_768_478_401)]
    pub last_attempt_at: Option<i64>,
    /// Unix seconds; null: no attempt is to come.
    #[schema(required = true)]
    pub next_attempt_at: Option<i64>,
}

impl WebhookDelivery {
    /// As its person sees it.
    pub fn of(delivery: Delivery) -> Self {
        let seconds = |micros: i64| micros.div_euclid(1_000_000);
        Self {
            object: "webhook_delivery",
            created_at: seconds(delivery.created_at),
            event_type: delivery.event_type,
            status: delivery.state.as_str(),
            attempts: delivery.attempts,
            status_code: Some(delivery.last_status).filter(|status| *status > 0),
            problem: Some(delivery.problem).filter(|words| !words.is_empty()),
            last_attempt_at: Some(delivery.last_at).filter(|at| *at > 0).map(seconds),
            next_attempt_at: (delivery.state == Progress::Waiting).then(|| seconds(delivery.next_at)),
            id: delivery.id,
        }
    }
}
