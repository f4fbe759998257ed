//! Settings › Activity: what happened, and the way to take it along.

use std::collections::HashMap;

use askama::Template;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Deserialize;
use time::macros::format_description;

use super::export::{Export, Format};
use super::store::{self, Event, Filter, Named, Place, Whose};
use super::types::{self, Kind};
use crate::accounts;
use crate::accounts::user::User;
use crate::app::App;
use crate::clock::DAY_MICROS;
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::http::extract::Query;
use crate::links::pages::wants_fragment;
use crate::pages::view::{Notice, SettingsFrame, Time, date, html};

/// Rows of one page.
const PAGE: usize = 50;

#[derive(Template)]
#[template(path = "audit/list.html")]
struct ActivityPage {
    frame: SettingsFrame,
    list: Activity,
}

#[derive(Template)]
#[template(path = "audit/_rows.html")]
struct RowsFragment {
    list: Activity,
}

struct Activity {
    notice: Option<Notice>,
    /// How long events stay; `None`: for ever.
    days: Option<u32>,
    /// Whether everybody's events are shown.
    everybody: bool,
    filtered: bool,
    kinds: Vec<Choice>,
    since: String,
    until: String,
    person: String,
    /// What stands behind the question mark for the same events.
    query: String,
    rows: Vec<Row>,
    more: Option<String>,
}

struct Choice {
    name: &'static str,
    words: &'static str,
    chosen: bool,
}

struct Row {
    id: String,
    words: String,
    care: bool,
    /// Who did it, where that isn't plain.
    who: Option<String>,
    target: Target,
    client: &'static str,
    address: Option<String>,
    at: Time,
}

/// What it was done to.
enum Target {
    Nothing,
    Id(String),
    Person(String),
}

/// What the address says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    who: String,
    person: String,
    kind: String,
    since: String,
    until: String,
    after: Option<String>,
    format: String,
}

/// `GET /settings/activity`
pub async fn show(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let list = activity(&app, &user, &wanted).await?;
    if wants_fragment(&headers) {
        html(&RowsFragment { list })
    } else {
        html(&ActivityPage { frame: SettingsFrame::new(&user, "activity"), list })
    }
}

/// `GET /settings/activity/export`
pub async fn export(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Error> {
    let format = if wanted.format.is_empty() { Some(Format::Csv) } else { Format::parse(&wanted.format) };
    let format = format.ok_or_else(|| Error::invalid("format", "Choose CSV or JSON Lines."))?;
    let whose = whose(&app, &user, &wanted).await?.map_err(|words| Error::invalid("person", words))?;
    let name = format!("takeback-activity-{}.{}", date(app.now()).0, format.ending());
    let export = Export::new(app, whose, filter(&wanted)?, format);
    let parts = stream::try_unfold(export, async |mut export| Ok::<_, Error>(export.next().await?.map(|part| (part, export))));
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")).unwrap_or(HeaderValue::from_static("attachment"));
    let headers = [(CONTENT_TYPE, HeaderValue::from_static(format.media_type())), (CONTENT_DISPOSITION, disposition)];
    Ok((headers, Body::from_stream(parts)).into_response())
}

async fn activity(app: &App, user: &User, wanted: &Wanted) -> Result<Activity, Error> {
    let now = app.now();
    let filter = filter(wanted)?;
    let (whose, problem) = match whose(app, user, wanted).await? {
        Ok(whose) => (Some(whose), None),
        Err(words) => (None, Some(words)),
    };
    let place = wanted.after.as_deref().map_or(Ok(Place::beginning(false)), Place::parse)?;
    let mut tx = app.db.read().await?;
    let mut events = match &whose {
        // One more than shows tells whether there are more.
        Some(whose) => store::page(&mut tx, whose, &filter, &place, false, i64::try_from(PAGE + 1).unwrap_or(i64::MAX)).await?,
        None => Vec::new(),
    };
    let people = store::people(&mut tx, &events).await?;
    drop(tx);
    let has_more = events.len() > PAGE;
    events.truncate(PAGE);
    let query = query(wanted);
    let more = events.last().filter(|_| has_more).map(|last| format!("/settings/activity?{query}&after={}", Place::behind(last)));
    let everybody = wanted.who == "all";
    Ok(Activity {
        notice: problem.map(|text| Notice { kind: "care", text }),
        days: app.config.audit_days,
        everybody,
        filtered: [&wanted.kind, &wanted.since, &wanted.until, &wanted.person].into_iter().any(|text| !text.is_empty()),
        kinds: Kind::ALL.map(|kind| Choice { name: kind.as_str(), words: kind.words(), chosen: kind.as_str() == wanted.kind }).into(),
        since: wanted.since.clone(),
        until: wanted.until.clone(),
        person: wanted.person.clone(),
        query,
        rows: events.into_iter().map(|event| row(event, user, everybody, &people, now)).collect(),
        more,
    })
}

/// Whose events are asked for; or why nobody's can be shown.
async fn whose(app: &App, user: &User, wanted: &Wanted) -> Result<Result<Whose, String>, Error> {
    if wanted.who != "all" {
        return Ok(Ok(Whose::Person(user.id.clone())));
    }
    if !user.is_admin() {
        return Err(Error::Forbidden("Only an administrator of this server can see what others did."));
    }
    let address = wanted.person.trim();
    if address.is_empty() {
        return Ok(Ok(Whose::Everybody));
    }
    let found = accounts::store::by_email(&mut *app.db.read().await?, address).await?;
    Ok(found.map(|found| Whose::Person(found.id)).ok_or_else(|| format!("Nobody here has the e-mail address {address}.")))
}

fn filter(wanted: &Wanted) -> Result<Filter, Error> {
    let until = day("until", &wanted.until)?.map(|at| at + DAY_MICROS);
    Ok(Filter { types: Kind::parse(&wanted.kind).map(Kind::types), since: day("since", &wanted.since)?, until, object_id: None })
}

/// The beginning of a day, UTC.
fn day(field: &'static str, text: &str) -> Result<Option<i64>, Error> {
    if text.is_empty() {
        return Ok(None);
    }
    let parsed = time::Date::parse(text, format_description!("[year]-[month]-[day]"));
    let parsed = parsed.map_err(|_| Error::invalid(field, "Write the day as 2026-01-31."))?;
    Ok(Some(parsed.midnight().assume_utc().unix_timestamp() * 1_000_000))
}

/// What stands behind the question mark, for the next page and for the export.
fn query(wanted: &Wanted) -> String {
    let fields =
        [("who", &wanted.who), ("person", &wanted.person), ("kind", &wanted.kind), ("since", &wanted.since), ("until", &wanted.until)];
    let encoded = |text: &str| askama::filters::urlencode_strict(text).map(|text| text.to_string()).unwrap_or_default();
    let fields = fields.into_iter().filter(|(_, value)| !value.is_empty());
    fields.map(|(name, value)| format!("{name}={}", encoded(value))).collect::<Vec<_>>().join("&")
}

fn row(event: Event, user: &User, everybody: bool, people: &HashMap<String, Named>, now: i64) -> Row {
    let name = |id: &str| people.get(id).map_or_else(|| "a deleted account".to_owned(), |person| person.name.clone());
    let mine = event.user_id.as_deref() == Some(&user.id);
    let who = match &event.user_id {
        Some(id) if everybody => Some(name(id)),
        // Who it was is for administrators to know.
        Some(_) if !mine => Some("an administrator".to_owned()),
        _ => None,
    };
    let own = event.user_id.as_deref() == Some(event.object_id.as_str()) || (!everybody && event.object_id == user.id);
    let target = match event.object_id.as_str() {
        "" => Target::Nothing,
        _ if own => Target::Nothing,
        // Which session it was tells nobody anything.
        id if id.starts_with("sess_") => Target::Nothing,
        id if id.starts_with("user_") => Target::Person(name(id)),
        id => Target::Id(id.to_owned()),
    };
    Row {
        words: types::words(&event.action).to_owned(),
        care: event.action == "user.sign_in_failed",
        who,
        target,
        client: match event.client.as_str() {
            "web" => "Browser",
            "api" => "API",
            "cli" => "Command line",
            _ => "Server",
        },
        address: event.address,
        at: Time::at(event.at, now),
        id: event.id,
    }
}
