//! Delete link, and delete all of them: one question each, then it is done.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::{base_url, wants_fragment};
use crate::app::App;
use crate::audit::Via;
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::http::extract::{Path, Query};
use crate::http::form::Form;
use crate::links::link::TargetType;
use crate::links::{lists, revoke, store};
use crate::pages::view::{Count, SettingsFrame, html};

#[derive(Template)]
#[template(path = "links/revoke.html")]
struct RevokePage {
    frame: SettingsFrame,
    panel: Revoke,
}

#[derive(Template)]
#[template(path = "links/_revoke.html")]
struct RevokeFragment {
    panel: Revoke,
}

struct Revoke {
    id: String,
    title: String,
    url: String,
    copies: Count,
    from: String,
    target_type: TargetType,
    target_id: String,
    problem: Option<String>,
}

impl Revoke {
    fn is_assistant(&self) -> bool {
        self.target_type == TargetType::Assistant
    }

    /// Where "Keep it" leads.
    fn back(&self) -> String {
        back(&self.from, self.target_type, &self.target_id)
    }
}

#[derive(Template)]
#[template(path = "links/revoke_all.html")]
struct RevokeAllPage {
    frame: SettingsFrame,
    panel: RevokeAll,
}

#[derive(Template)]
#[template(path = "links/_revoke_all.html")]
struct RevokeAllFragment {
    panel: RevokeAll,
}

struct RevokeAll {
    count: Count,
    copies: Count,
    done: Option<Count>,
    problem: Option<String>,
}

/// Where the person came from: `share` (the dialog, or an assistant's editor) or `links` (the list).
#[derive(Debug, Deserialize)]
pub struct From {
    #[serde(default)]
    from: String,
}

/// `GET /links/{id}/delete`: the question.
pub async fn ask(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Path(id): Path<String>,
    Query(From { from }): Query<From>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let link = store::owned(&mut *app.db.read().await?, &user.id, &id).await?;
    let panel = Revoke {
        url: format!("{}{}", base_url(&app, &headers), link.path()),
        copies: Count(link.copies),
        target_type: link.target_type,
        target_id: link.target_id,
        id: link.id,
        title: link.title,
        from,
        problem: None,
    };
    if wants_fragment(&headers) {
        html(&RevokeFragment { panel })
    } else {
        html(&RevokePage { frame: SettingsFrame::new(&user, "data"), panel })
    }
}

/// `POST /links/{id}/delete`: takes it back.
pub async fn delete(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Path(id): Path<String>,
    Form(From { from }): Form<From>,
) -> Result<Response, Error> {
    let link = store::owned(&mut *app.db.read().await?, &user.id, &id).await?;
    revoke::delete(&app, &user.id, &id, Via::Web).await?;
    Ok(Redirect::to(&back(&from, link.target_type, &link.target_id)).into_response())
}

/// `GET /links/delete-all`: the question.
pub async fn ask_all(State(app): State<App>, CurrentUser { user, .. }: CurrentUser, headers: HeaderMap) -> Result<Response, Error> {
    let (count, copies) = lists::totals(&mut *app.db.read().await?, &user.id).await?;
    let panel = RevokeAll { count: Count(count), copies: Count(copies), done: None, problem: None };
    all(SettingsFrame::new(&user, "data"), panel, &headers)
}

/// `POST /links/delete-all`: takes all of them back.
pub async fn delete_all(State(app): State<App>, CurrentUser { user, .. }: CurrentUser, headers: HeaderMap) -> Result<Response, Error> {
    let done = revoke::delete_all(&app, &user.id, Via::Web).await?;
    let panel = RevokeAll { count: Count(0), copies: Count(0), done: Some(Count(done)), problem: None };
    all(SettingsFrame::new(&user, "data"), panel, &headers)
}

fn all(frame: SettingsFrame, panel: RevokeAll, headers: &HeaderMap) -> Result<Response, Error> {
    if wants_fragment(headers) { html(&RevokeAllFragment { panel }) } else { html(&RevokeAllPage { frame, panel }) }
}

fn back(from: &str, target_type: TargetType, target_id: &str) -> String {
    match (from, target_type) {
        ("share", TargetType::Conversation) => format!("/c/{target_id}/share"),
        ("share", TargetType::Assistant) => format!("/assistants/{target_id}/edit#share"),
        _ => "/links".to_owned(),
    }
}
