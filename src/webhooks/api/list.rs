//! `GET /v1/webhook_endpoints`

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::object::WebhookEndpoint;
use crate::api::body::Params;
use crate::api::caller::{Caller, WebhooksRead};
use crate::api::document::Refusals;
use crate::api::list::{List, Place};
use crate::app::App;
use crate::error::Error;
use crate::webhooks::store;

/// Which page.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Page {
    /// Objects on a page.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100, default = 20, required = false, nullable = false)]
    pub limit: Option<String>,
    /// Newest first (`desc`) or oldest first (`asc`).
    #[param(value_type = Option<Order>, inline, required = false, nullable = false)]
    pub order: Option<String>,
    /// The id of the object that the page comes after: `last_id` of the page before.
    #[param(required = false, nullable = false)]
    pub after: Option<String>,
    /// The id of the object that the page comes before: `first_id` of the page behind.
    #[param(required = false, nullable = false)]
    pub before: Option<String>,
}

/// In which order.
#[derive(utoipa::ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "for the document; the values are read as text, so that what is wrong with them can be said")]
enum Order {
    /// Oldest first.
    Asc,
    /// Newest first.
    Desc,
}

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
    Params(page): Params<Page>,
) -> Result<Json<List<WebhookEndpoint>>, Error> {
    let place = Place::parse(page.limit.as_deref(), page.order.as_deref(), page.after, page.before)?;
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
