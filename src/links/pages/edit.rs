//! Changing a link: its title, whose name it shows, and which messages.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::assistant;
use super::life::Life;
use super::publish as dialog;
use super::rules;
use crate::app::App;
use crate::audit::Via;
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::http::extract::Path;
use crate::http::form::Form;
use crate::links::link::Author;
use crate::links::publish::{self, Change};

/// What the forms send; `from` is `share` in the share dialog, `assistant` in an assistant's editor.
#[derive(Deserialize)]
pub struct Edit {
    title: Option<String>,
    author: Option<String>,
    #[serde(flatten)]
    life: Life,
    #[serde(flatten)]
    rules: rules::Choice,
    #[serde(default)]
    from: String,
}

/// `POST /links/{id}/edit`
pub async fn edit(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(form): Form<Edit>,
) -> Result<Response, Error> {
    let author = form.author.as_deref().map(Author::parse);
    let change = Change {
        title: form.title.as_deref(),
        author,
        expiry: form.life.chosen(app.now())?,
        lock: form.rules.lock()?,
        allow_continue: form.rules.allow_continue(),
        ..Change::default()
    };
    let link = publish::change(&app, &user, &id, change, Via::Web).await?;
    match form.from.as_str() {
        "share" => dialog::made(&app, &user, &link, &headers).await,
        "assistant" => assistant::shown(&app, &user, &link.target_id, None, &headers).await,
        _ => Ok(Redirect::to("/links").into_response()),
    }
}

/// `POST /links/{id}/update`: shows the latest messages from now on.
pub async fn update(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(form): Form<Edit>,
) -> Result<Response, Error> {
    let link = publish::change(&app, &user, &id, Change::latest(), Via::Web).await?;
    match form.from.as_str() {
        "share" => dialog::foot(&app, &user, &link.target_id, &headers).await,
        _ => Ok(Redirect::to("/links").into_response()),
    }
}
