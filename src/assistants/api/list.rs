//! `GET /v1/assistants`

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::object::Assistant;
use super::store;
use crate::api::caller::{AssistantsRead, Caller};
use crate::api::document::Refusals;
use crate::api::list::{List, Listing, Page};
use crate::app::App;
use crate::error::Error;

/// Which assistants.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// Only assistants with these words in name or description, whatever their case.
    #[param(required = false, nullable = false)]
    q: Option<String>,
}

/// List the assistants that you may talk to
///
/// Your own, those that you edit, and those that are listed for the members of this server.
#[utoipa::path(
    get, path = "/v1/assistants", operation_id = "listAssistants", tag = "Assistants",
    params(Page, Wanted),
    responses((status = 200, description = "A page of assistants.", body = List<Assistant>), Refusals),
    security(("api_key" = ["assistants:read"])),
)]
pub async fn list(
    State(app): State<App>,
    Caller { user, .. }: Caller<AssistantsRead>,
    Listing { place, wanted }: Listing<Wanted>,
) -> Result<Json<List<Assistant>>, Error> {
    let mut tx = app.db.read().await?;
    let found = store::page(&mut tx, &user.id, wanted.q.as_deref().unwrap_or_default().trim(), &place).await?;
    let files = store::files(&mut tx, found.iter().map(|shown| shown.id.as_str())).await?;
    drop(tx);
    let found = found.into_iter().map(|shown| Ok((serde_json::from_str(&shown.body)?, shown))).collect::<Result<Vec<_>, Error>>()?;
    Ok(Json(place.page(found, |(_, shown)| &shown.id, |(body, shown)| Assistant::of(shown, body, &files))))
}
