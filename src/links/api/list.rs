//! `GET /v1/shared_links`

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use serde::Deserialize;
use utoipa::IntoParams;

use super::Access;
use super::object::SharedLink;
use crate::api::body::{number, one_of};
use crate::api::caller::{Caller, SharedLinksRead};
use crate::api::document::Refusals;
use crate::api::list::{List, Listing, Page};
use crate::app::App;
use crate::clock::DAY_MICROS;
use crate::error::Error;
use crate::links::link::{PAUSED, TargetType};
use crate::links::lists::{self, Filter};
use crate::links::pages::base_url;

/// The most that `stale_days` can say: a hundred years.
const MAX_DAYS: i64 = 36_500;

/// Which links.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// Only links to targets of this kind.
    #[param(value_type = Option<Kind>, inline, required = false, nullable = false)]
    target_type: Option<String>,
    /// Only links to this conversation or assistant.
    #[param(required = false, nullable = false)]
    target_id: Option<String>,
    /// Only links with these words in the title, whatever their case.
    #[param(required = false, nullable = false)]
    q: Option<String>,
    /// Only links with this access.
    #[param(value_type = Option<Access>, inline, required = false, nullable = false)]
    access: Option<String>,
    /// Only links that were made, and last opened, longer ago than this many days.
    #[param(value_type = Option<i64>, minimum = 0, maximum = 36500, required = false, nullable = false)]
    stale_days: Option<String>,
}

/// What a link can show.
#[derive(utoipa::ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "for the document; the values are read as text, so that what is wrong with them can be said")]
enum Kind {
    Conversation,
    Assistant,
}

/// List the links that you gave out and have not taken back
///
/// Newest first. The counts of views are those of a moment ago.
#[utoipa::path(
    get, path = "/v1/shared_links", operation_id = "listSharedLinks", tag = "Shared links",
    params(Page, Wanted),
    responses((status = 200, description = "A page of links.", body = List<SharedLink>), Refusals),
    security(("api_key" = ["shared_links:read"])),
)]
pub async fn list(
    State(app): State<App>,
    Caller { user, .. }: Caller<SharedLinksRead>,
    Listing { place, wanted }: Listing<Wanted>,
    headers: HeaderMap,
) -> Result<Json<List<SharedLink>>, Error> {
    let filter = filter(&wanted, app.now())?;
    app.views.refresh(&app.db).await;
    let found = lists::page(&mut *app.db.read().await?, &user.id, &filter, &place).await?;
    let (base, now) = (base_url(&app, &headers), app.now());
    Ok(Json(place.page(found, |link| &link.id, |link| SharedLink::of(&base, &user.name, &link, now))))
}

fn filter(wanted: &Wanted, now: i64) -> Result<Filter, Error> {
    let kind = wanted.target_type.as_deref().map(|kind| one_of("target_type", kind, &["conversation", "assistant"])).transpose()?;
    let access = wanted.access.as_deref().map(|access| one_of("access", access, &["anyone", PAUSED])).transpose()?;
    let days = wanted.stale_days.as_deref().map(|days| number("stale_days", days, 0, MAX_DAYS)).transpose()?;
    Ok(Filter {
        words: wanted.q.as_deref().unwrap_or_default().trim().to_owned(),
        target_type: kind.map(|kind| if kind == "assistant" { TargetType::Assistant } else { TargetType::Conversation }),
        target_id: wanted.target_id.clone(),
        paused: access.map(|access| access == PAUSED),
        stale_before: days.map(|days| now - days * DAY_MICROS),
    })
}
