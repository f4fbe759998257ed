//! Settings › Data controls › Shared links: every link that the person ever gave out and has not taken back.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use super::life::End;
use super::rules::Rules;
use super::{base_url, wants_fragment};
use crate::accounts::user::User;
use crate::app::App;
use crate::conversations::{branch, store as conversations};
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::http::extract::Query;
use crate::ids;
use crate::links::behind;
use crate::links::link::{Author, Link, TargetType};
use crate::links::lists::{self, Cursor, Sort};
use crate::links::snapshot::MAX_MESSAGES;
use crate::links::store;
use crate::pages::view::{Count, Notice, SettingsFrame, Time, html};
use crate::storage::Tx;

/// Rows of one page.
const PAGE: usize = 20;
/// A link that nobody opened for this long is worth a thought.
const STALE_MICROS: i64 = 90 * 86_400 * 1_000_000;

#[derive(Template)]
#[template(path = "links/list.html")]
struct LinksPage {
    frame: SettingsFrame,
    notice: Option<Notice>,
    list: LinkList,
}

#[derive(Template)]
#[template(path = "links/_rows.html")]
struct LinkRowsFragment {
    list: LinkList,
}

struct LinkList {
    total: Count,
    stale: Count,
    query: String,
    sort: &'static str,
    rows: Vec<LinkRow>,
    more: Option<String>,
}

struct LinkRow {
    id: String,
    url: String,
    title: String,
    kind: &'static str,
    author: Option<String>,
    conversation_id: Option<String>,
    assistant_id: Option<String>,
    paused: bool,
    created: Time,
    views: Count,
    copies: Count,
    behind: Count,
    last_view: Option<Time>,
    end: Option<End>,
    rules: Rules,
}

impl LinkRow {
    /// Its choice of an end, in the page.
    fn life_id(&self) -> String {
        format!("life-{}", self.id)
    }
}

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub struct Filter {
    #[serde(default)]
    q: String,
    #[serde(default)]
    sort: String,
    after: Option<String>,
}

/// `GET /links`
pub async fn show(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Query(filter): Query<Filter>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let list = list(&app, &user, filter, &base_url(&app, &headers)).await?;
    if wants_fragment(&headers) {
        html(&LinkRowsFragment { list })
    } else {
        html(&LinksPage { frame: SettingsFrame::new(&user, "data"), notice: None, list })
    }
}

async fn list(app: &App, user: &User, filter: Filter, base: &str) -> Result<LinkList, Error> {
    let now = app.now();
    // So that the owner sees the view of a moment ago.
    app.views.refresh(&app.db).await;
    let sort = Sort::parse(&filter.sort);
    let mut tx = app.db.read().await?;
    let (total, stale) = lists::counts(&mut tx, &user.id, now - STALE_MICROS).await?;
    // One more than shows tells whether there are more.
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let after = filter.after.as_deref().map(Cursor::parse).transpose()?;
    // A link can be looked for by its address too: "which of mine is this?"
    let pasted = ids::link_id_from_token(filter.q.trim().rsplit(['/', '_']).next().unwrap_or_default());
    let mut links = match pasted {
        Some(id) => store::owned(&mut tx, &user.id, &id).await.into_iter().collect(),
        None => lists::list(&mut tx, &user.id, filter.q.trim(), sort, after.as_ref(), limit).await?,
    };
    let has_more = links.len() > PAGE;
    links.truncate(PAGE);
    let more = links.last().filter(|_| has_more).map(|last| {
        let q = askama::filters::urlencode_strict(filter.q.trim()).map(|q| q.to_string()).unwrap_or_default();
        format!("/links?q={q}&sort={}&after={}", sort.as_str(), Cursor::behind(last, sort))
    });
    let mut rows = Vec::with_capacity(links.len());
    for link in links {
        rows.push(row(&mut tx, user, link, base, now).await?);
    }
    Ok(LinkList { total: Count(total), stale: Count(stale), query: filter.q, sort: sort.as_str(), rows, more })
}

async fn row(tx: &mut Tx, user: &User, link: Link, base: &str, now: i64) -> Result<LinkRow, Error> {
    let conversation = match conversations::owned(tx, &user.id, &link.target_id).await {
        Ok(conversation) => Some(conversation),
        Err(Error::NotFound) => None,
        Err(error) => return Err(error),
    };
    let leaf = conversation.as_ref().and_then(|found| found.current_message_id.as_deref());
    let behind = match leaf {
        Some(leaf) if leaf != link.last_message_id => {
            let branch = branch::nodes(tx, &link.target_id, leaf, MAX_MESSAGES).await?;
            behind::count(tx, &branch, &link).await?
        }
        _ => 0,
    };
    Ok(LinkRow {
        url: format!("{base}{}", link.path()),
        kind: link.target_type.as_str(),
        author: (link.author == Author::Name).then(|| user.name.clone()),
        conversation_id: conversation.map(|found| found.id),
        assistant_id: (link.target_type == TargetType::Assistant).then(|| link.target_id.clone()),
        paused: link.paused,
        created: Time::at(link.created_at, now),
        views: Count(link.views),
        copies: Count(link.copies),
        behind: Count(behind),
        last_view: link.last_viewed_at.map(|at| Time::at(at, now)),
        end: End::of(&link, now),
        rules: Rules::of(&link),
        id: link.id,
        title: link.title,
    })
}
