//! `GET /v1/audit_events`

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::store::{self, Event, Filter, Place, Whose};
use super::types::{self, Kind};
use crate::api::body::{number, one_of};
use crate::api::caller::{AuditRead, Caller};
use crate::api::document::Refusals;
use crate::api::list::{List, Listing, Page};
use crate::app::App;
use crate::error::Error;

/// The largest time that a program can name: the end of the year 9999.
const MAX_SECONDS: i64 = 253_402_300_799;

/// Something that happened. There is no word of a conversation in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AuditEvent {
    /// `evt_…`
    #[schema(example = "evt_8hKdW3mPq7sTzY2bNcXvRf")]
    pub id: String,
    /// Always `audit_event`.
    #[schema(example = "audit_event")]
    pub object: &'static str,
    /// Unix seconds.
    #[schema(example = 1_768_478_400)]
    pub created_at: i64,
    /// What happened.
    #[serde(rename = "type")]
    #[schema(example = "shared_link.deleted")]
    pub kind: String,
    /// Who did it, or tried to; null: nobody did.
    #[schema(required = true, example = "user_4nRtY8wQz2KjLmPsVxBcDf")]
    pub user_id: Option<String>,
    /// What it was done to, which may be gone by now.
    #[schema(required = true, example = "link_3bXkQ2mVt8nYw5LrC7dPzF")]
    pub target_id: Option<String>,
    /// From which kind of client: `web`, `api`, `cli` (on the server itself) or `server` (of its own accord).
    #[schema(example = "api")]
    pub client: String,
    /// The network that the request came from, of IPv4 a /24, of IPv6 a /48; null: unknown, or no request.
    #[schema(required = true, example = "203.0.113.0/24")]
    pub address: Option<String>,
}

impl AuditEvent {
    /// As the API shows it.
    pub fn of(event: &Event) -> Self {
        Self {
            id: event.id.clone(),
            object: "audit_event",
            created_at: event.at.div_euclid(1_000_000),
            kind: event.action.clone(),
            user_id: event.user_id.clone(),
            target_id: Some(event.object_id.clone()).filter(|id| !id.is_empty()),
            client: event.client.clone(),
            address: event.address.clone(),
        }
    }
}

/// Which events.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// Only events of this type, such as `shared_link.deleted`.
    #[param(required = false, nullable = false)]
    r#type: Option<String>,
    /// Only events about this.
    #[param(value_type = Option<About>, inline, required = false, nullable = false)]
    kind: Option<String>,
    /// Only what happened to the object of this id.
    #[param(required = false, nullable = false)]
    target_id: Option<String>,
    /// Only events at or after this time, in Unix seconds.
    #[param(value_type = Option<i64>, minimum = 0, required = false, nullable = false)]
    since: Option<String>,
    /// Only events before this time, in Unix seconds.
    #[param(value_type = Option<i64>, minimum = 0, required = false, nullable = false)]
    until: Option<String>,
    /// Only what this person did, and what was done to their account; of others than yourself for administrators
    /// alone.
    #[param(required = false, nullable = false)]
    user_id: Option<String>,
    /// `true`: everybody's events; for administrators alone.
    #[param(value_type = Option<bool>, required = false, nullable = false)]
    all: Option<String>,
}

/// What events are about.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "for the document; the values are read as text, so that what is wrong with them can be said")]
enum About {
    Links,
    SignIns,
    Keys,
    Webhooks,
    Conversations,
    Assistants,
    People,
    Models,
}

/// List what happened: what you did, and what was done to your account
///
/// Newest first. An administrator's key can ask for everybody's events with `all=true`, or for a person's with
/// `user_id`. Events hold ids and times, never words of conversations; they go after a while, and with the account.
#[utoipa::path(
    get, path = "/v1/audit_events", operation_id = "listAuditEvents", tag = "Audit events",
    params(Page, Wanted),
    responses((status = 200, description = "A page of events.", body = List<AuditEvent>), Refusals),
    security(("api_key" = ["audit:read"])),
)]
pub async fn list(
    State(app): State<App>,
    Caller { user, .. }: Caller<AuditRead>,
    Listing { place: page, wanted }: Listing<Wanted>,
) -> Result<Json<List<AuditEvent>>, Error> {
    let all = wanted.all.as_deref().map(|all| one_of("all", all, &["true", "false"])).transpose()? == Some("true");
    let whose = match &wanted.user_id {
        Some(_) if all => return Err(Error::bad_param("user_id", "Give user_id or all, not both.")),
        Some(id) if *id != user.id && !user.is_admin() => return Err(not_yours()),
        Some(id) => Whose::Person(id.clone()),
        None if all && !user.is_admin() => return Err(not_yours()),
        None if all => Whose::Everybody,
        None => Whose::Person(user.id.clone()),
    };
    let filter = filter(&wanted)?;
    let mut tx = app.db.read().await?;
    let ascending = page.reads_ascending();
    let place = match &page.cursor {
        Some(cursor) => Place::of(&mut tx, &whose, cursor).await?,
        None => Place::beginning(ascending),
    };
    let found = store::page(&mut tx, &whose, &filter, &place, ascending, page.to_fetch()).await?;
    Ok(Json(page.page(found, |event| &event.id, |event| AuditEvent::of(&event))))
}

fn not_yours() -> Error {
    Error::Forbidden("Only an administrator's key can see what others did. Leave out user_id and all for your own events.")
}

fn filter(wanted: &Wanted) -> Result<Filter, Error> {
    let names = Kind::ALL.map(Kind::as_str);
    let kind = wanted.kind.as_deref().map(|kind| one_of("kind", kind, &names)).transpose()?.and_then(Kind::parse);
    let exact = wanted.r#type.as_deref().map(|name| {
        types::known(name).ok_or_else(|| {
            let known: Vec<&str> = types::TYPES.iter().map(|(_, name, _)| *name).collect();
            Error::bad_param("type", format!("There is no such type. There are: {}.", known.join(", ")))
        })
    });
    let of_kind = kind.map(Kind::types);
    let types = match (exact.transpose()?, of_kind) {
        (Some(exact), Some(of_kind)) => Some(of_kind.into_iter().filter(|name| *name == exact).collect()),
        (Some(exact), None) => Some(vec![exact]),
        (None, of_kind) => of_kind,
    };
    let time = |param: &'static str, text: Option<&String>| {
        text.map(|text| number(param, text, 0, MAX_SECONDS).map(|seconds| seconds * 1_000_000)).transpose()
    };
    Ok(Filter {
        types,
        since: time("since", wanted.since.as_ref())?,
        until: time("until", wanted.until.as_ref())?,
        object_id: wanted.target_id.clone(),
    })
}
