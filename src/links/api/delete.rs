//! `DELETE /v1/shared_links/{link_id}` and `DELETE /v1/shared_links?all=true`

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::id;
use crate::api::body::{Nothing, Params};
use crate::api::caller::{Caller, SharedLinksWrite};
use crate::api::deleted::Deleted;
use crate::api::document::Refusals;
use crate::app::App;
use crate::audit::Via;
use crate::error::Error;
use crate::http::extract::Path;
use crate::links::revoke;

/// That all of them are meant.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct All {
    /// Must be `true`: so that a request that lost its id takes nothing back.
    #[param(value_type = Meant, inline, required = true, nullable = false)]
    all: Option<String>,
}

/// The one value.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "for the document; the value is read as text, so that what is wrong with it can be said")]
enum Meant {
    True,
}

/// All of them are gone.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeletedSharedLinks {
    /// Always `shared_link.list.deleted`.
    #[schema(example = "shared_link.list.deleted")]
    object: &'static str,
    /// How many there were.
    #[schema(example = 3)]
    deleted: i64,
}

/// Take a link back
///
/// From this answer on nobody can open it any more, by any address. Copies that people continued stay with them.
#[utoipa::path(
    delete, path = "/v1/shared_links/{link_id}", operation_id = "deleteSharedLink", tag = "Shared links",
    params(("link_id" = String, Path, description = "The link's id, or the last segment of its address.")),
    responses((status = 200, description = "It is gone.", body = Deleted), Refusals),
    security(("api_key" = ["shared_links:write"])),
)]
pub async fn delete(
    State(app): State<App>,
    Caller { user, .. }: Caller<SharedLinksWrite>,
    Path(link_id): Path<String>,
    Params(Nothing {}): Params<Nothing>,
) -> Result<Json<Deleted>, Error> {
    let link_id = id(&link_id)?;
    revoke::delete(&app, &user.id, &link_id, Via::Api).await?;
    Ok(Json(Deleted::new(link_id, "shared_link.deleted")))
}

/// Take all of your links back
///
/// However many there are, they end at once.
#[utoipa::path(
    delete, path = "/v1/shared_links", operation_id = "deleteAllSharedLinks", tag = "Shared links",
    params(All),
    responses((status = 200, description = "They are gone.", body = DeletedSharedLinks), Refusals),
    security(("api_key" = ["shared_links:write"])),
)]
pub async fn delete_all(
    State(app): State<App>,
    Caller { user, .. }: Caller<SharedLinksWrite>,
    Params(All { all }): Params<All>,
) -> Result<Json<DeletedSharedLinks>, Error> {
    if all.as_deref() != Some("true") {
        return Err(Error::bad_param("all", "This takes all links back. Say ?all=true if you mean it, or name one link."));
    }
    let deleted = revoke::delete_all(&app, &user.id, Via::Api).await?;
    Ok(Json(DeletedSharedLinks { object: "shared_link.list.deleted", deleted }))
}
