//! The share dialog: preview, title, name, Copy link, and the links that the conversation has already.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::life::{End, Life};
use super::rules::{self, Rules};
use super::view::{SharedPage, shared_page};
use super::{base_url, wants_fragment};
use crate::accounts::user::User;
use crate::app::App;
use crate::audit::Via;
use crate::conversations::sidebar::{self, AppFrame};
use crate::conversations::{branch, store as conversations};
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::http::extract::{Path, Query};
use crate::http::form::Form;
use crate::http::headers;
use crate::links::behind;
use crate::links::link::{Author, Link};
use crate::links::publish::{Terms, publish};
use crate::links::{snapshot, store};
use crate::pages::view::{Count, Time, html};
use crate::storage::Tx;

#[derive(Template)]
#[template(path = "links/publish.html")]
struct PublishPage {
    frame: AppFrame,
    panel: Publish,
}

#[derive(Template)]
#[template(path = "links/_publish.html")]
struct PublishFragment {
    panel: Publish,
}

/// The dialog's foot, which is all that changes when a form in it was sent.
#[derive(Template)]
#[template(path = "links/_published.html")]
struct PublishedFragment {
    panel: Publish,
}

struct Publish {
    conversation_id: String,
    title: String,
    named: bool,
    owner_name: String,
    messages: Count,
    made: Option<MadeLink>,
    /// What a new link has: none.
    no_end: Option<End>,
    no_rules: Rules,
    links: Vec<GivenLink>,
    problem: Option<String>,
}

struct MadeLink {
    id: String,
    url: String,
    end: Option<End>,
    rules: Rules,
}

struct GivenLink {
    id: String,
    url: String,
    short: String,
    title: String,
    named: bool,
    created: Time,
    views: Count,
    copies: Count,
    behind: Count,
    end: Option<End>,
    rules: Rules,
}

/// What the dialog's form sends.
#[derive(Clone, Default, Deserialize)]
pub struct Choice {
    #[serde(default)]
    title: String,
    #[serde(default)]
    author: String,
    #[serde(flatten)]
    life: Life,
    #[serde(flatten)]
    rules: rules::Choice,
}

/// `GET /c/{id}/share`
pub async fn show(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Path(id): Path<String>,
    Query(choice): Query<Choice>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let mut panel = panel(&app, &user, &id, &base_url(&app, &headers), None).await?;
    if !choice.title.is_empty() {
        panel.title = choice.title;
    }
    panel.named = Author::parse(&choice.author) == Author::Name;
    whole(&app, &user, panel, wants_fragment(&headers)).await
}

/// `POST /c/{id}/share`: makes the link.
pub async fn make(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(choice): Form<Choice>,
) -> Result<Response, Error> {
    let expiry = choice.life.chosen(app.now())?;
    let terms = Terms {
        title: Some(choice.title),
        author: Author::parse(&choice.author),
        up_to_message_id: None,
        expiry,
        lock: choice.rules.lock()?,
        read_only: choice.rules.allow_continue() == Some(false),
    };
    let link = publish(&app, &user, &id, &terms, Via::Web).await?;
    made(&app, &user, &link, &headers).await
}

/// The dialog after a link was made or changed in it.
pub async fn made(app: &App, user: &User, link: &Link, headers: &HeaderMap) -> Result<Response, Error> {
    let panel = panel(app, user, &link.target_id, &base_url(app, headers), Some(link)).await?;
    if wants_fragment(headers) { html(&PublishedFragment { panel }) } else { whole(app, user, panel, false).await }
}

/// The dialog's foot after one of the older links was changed in it.
pub async fn foot(app: &App, user: &User, conversation_id: &str, headers: &HeaderMap) -> Result<Response, Error> {
    let panel = panel(app, user, conversation_id, &base_url(app, headers), None).await?;
    if wants_fragment(headers) { html(&PublishedFragment { panel }) } else { whole(app, user, panel, false).await }
}

/// `GET /c/{id}/share/preview`: the very page that visitors will get.
pub async fn preview(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Path(id): Path<String>,
    Query(choice): Query<Choice>,
) -> Result<Response, Error> {
    let mut tx = app.db.read().await?;
    let conversation = conversations::owned(&mut tx, &user.id, &id).await?;
    let leaf = conversation.current_message_id.ok_or(Error::NotFound)?;
    let cut = snapshot::cut(&mut tx, &id, &leaf).await?;
    let files = conversations::file_ids(&mut tx, &id).await?;
    drop(tx);
    let now = app.now();
    // The pictures are not copied yet: they are shown from the conversation.
    let shown: HashMap<String, String> =
        cut.files.into_iter().filter(|(from, _)| files.contains(from)).map(|(from, to)| (to, from)).collect();
    let file_url = move |id: &str| shown.get(id).map(|from| format!("/files/{from}"));
    let _turn = app.memo.turn().await?;
    let page = tokio::task::spawn_blocking(move || SharedPage {
        title: if choice.title.trim().is_empty() { conversation.title } else { choice.title },
        author: (Author::parse(&choice.author) == Author::Name).then_some(user.name),
        ..shared_page(cut.body, &file_url, now)
    });
    let page = page.await.map_err(|_| Error::Internal("a preview could not be rendered".to_owned()))?;
    let framed = [
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(headers::PREVIEW)),
        (HeaderName::from_static("x-frame-options"), HeaderValue::from_static("SAMEORIGIN")),
        (headers::X_ROBOTS_TAG, headers::NOINDEX),
    ];
    Ok((framed, html(&page)?).into_response())
}

async fn whole(app: &App, user: &User, panel: Publish, fragment: bool) -> Result<Response, Error> {
    if fragment {
        return html(&PublishFragment { panel });
    }
    let frame = sidebar::frame(app, user, Some(&panel.conversation_id)).await?;
    html(&PublishPage { frame, panel })
}

async fn panel(app: &App, user: &User, conversation_id: &str, base: &str, made: Option<&Link>) -> Result<Publish, Error> {
    app.views.refresh(&app.db).await;
    let mut tx = app.db.read().await?;
    let conversation = conversations::owned(&mut tx, &user.id, conversation_id).await?;
    let branch = match &conversation.current_message_id {
        Some(leaf) => branch::nodes(&mut tx, conversation_id, leaf, snapshot::MAX_MESSAGES + 1).await?,
        None => Vec::new(),
    };
    let links = given(&mut tx, user, conversation_id, &branch, base, app.now()).await?;
    Ok(Publish {
        conversation_id: conversation_id.to_owned(),
        title: made.map_or(conversation.title, |link| link.title.clone()),
        named: made.is_some_and(|link| link.author == Author::Name),
        owner_name: user.name.clone(),
        messages: Count(i64::try_from(branch.iter().filter(|node| behind::shows(node)).count()).unwrap_or(i64::MAX)),
        links: links.into_iter().filter(|link| made.is_none_or(|made| made.id != link.id)).collect(),
        made: made.map(|link| MadeLink {
            id: link.id.clone(),
            url: format!("{base}{}", link.path()),
            end: End::of(link, app.now()),
            rules: Rules::of(link),
        }),
        no_end: None,
        no_rules: Rules::none(),
        problem: None,
    })
}

async fn given(
    tx: &mut Tx,
    user: &User,
    conversation_id: &str,
    branch: &[branch::Node],
    base: &str,
    now: i64,
) -> Result<Vec<GivenLink>, Error> {
    let mut rows = Vec::new();
    for link in store::of_target(tx, &user.id, conversation_id).await? {
        rows.push(GivenLink {
            url: format!("{base}{}", link.path()),
            short: format!("…{}…", &link.path()[..link.path().len().min(13)]),
            named: link.author == Author::Name,
            created: Time::at(link.created_at, now),
            views: Count(link.views),
            copies: Count(link.copies),
            behind: Count(behind::count(tx, branch, &link).await?),
            end: End::of(&link, now),
            rules: Rules::of(&link),
            id: link.id,
            title: link.title,
        });
    }
    Ok(rows)
}
