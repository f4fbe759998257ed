//! `GET /v1/assistants/{assistant_id}/versions`

use axum::Json;
use axum::extract::State;

use super::object::AssistantVersion;
use super::{id, store};
use crate::api::body::Nothing;
use crate::api::caller::{AssistantsRead, Caller};
use crate::api::document::Refusals;
use crate::api::list::{List, Listing, Page};
use crate::app::App;
use crate::assistants;
use crate::error::Error;
use crate::http::extract::Path;

/// List the versions of an assistant that you may change
///
/// Each change is a version; it stays as it was saved.
#[utoipa::path(
    get, path = "/v1/assistants/{assistant_id}/versions", operation_id = "listAssistantVersions", tag = "Assistants",
    params(("assistant_id" = String, Path, description = "The assistant's id."), Page),
    responses((status = 200, description = "A page of versions.", body = List<AssistantVersion>), Refusals),
    security(("api_key" = ["assistants:read"])),
)]
pub async fn list(
    State(app): State<App>,
    Caller { user, .. }: Caller<AssistantsRead>,
    Path(assistant_id): Path<String>,
    Listing { place, wanted: Nothing {} }: Listing<Nothing>,
) -> Result<Json<List<AssistantVersion>>, Error> {
    let id = id(&assistant_id)?;
    let mut tx = app.db.read().await?;
    let published = assistants::store::editable(&mut tx, &user.id, id).await?.published;
    let found = store::versions(&mut tx, id, &place).await?;
    let files = store::files(&mut tx, [id].into_iter()).await?;
    drop(tx);
    let found = found.into_iter().map(|saved| Ok((saved.number.to_string(), serde_json::from_str(&saved.body)?, saved)));
    let found = found.collect::<Result<Vec<_>, Error>>()?;
    Ok(Json(place.page(found, |(id, ..)| id, |(_, body, saved)| AssistantVersion::of(id, published, saved, body, &files))))
}
