//! Renaming a conversation.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::wants_fragment;
use crate::accounts::user::User;
use crate::app::App;
use crate::conversations::rename::rename;
use crate::conversations::sidebar::{self, AppFrame};
use crate::conversations::store;
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::http::extract::Path;
use crate::http::form::Form;
use crate::pages::view::html;

#[derive(Template)]
#[template(path = "conversations/rename.html")]
struct RenamePage {
    frame: AppFrame,
    panel: Rename,
}

#[derive(Template)]
#[template(path = "conversations/_rename.html")]
struct RenameFragment {
    panel: Rename,
}

struct Rename {
    id: String,
    title: String,
    problem: Option<String>,
}

/// The form.
#[derive(Debug, Deserialize)]
pub struct NewTitle {
    title: String,
}

/// `GET /c/{id}/rename`
pub async fn ask(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let conversation = store::owned(&mut *app.db.read().await?, &user.id, &id).await?;
    face(&app, &user, Rename { id, title: conversation.title, problem: None }, &headers).await
}

/// `POST /c/{id}/rename`
pub async fn save(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(form): Form<NewTitle>,
) -> Result<Response, Error> {
    match rename(&app, &user, &id, &form.title).await {
        Ok(()) => Ok(Redirect::to(&format!("/c/{id}")).into_response()),
        Err(Error::Invalid { words, .. }) => {
            // Whose conversation it is comes before what is wrong with its new title.
            store::owned(&mut *app.db.read().await?, &user.id, &id).await?;
            let panel = Rename { id, title: form.title, problem: Some(words) };
            Ok((StatusCode::BAD_REQUEST, face(&app, &user, panel, &headers).await?).into_response())
        }
        Err(error) => Err(error),
    }
}

async fn face(app: &App, user: &User, panel: Rename, headers: &HeaderMap) -> Result<Response, Error> {
    if wants_fragment(headers) {
        return html(&RenameFragment { panel });
    }
    let frame = sidebar::frame(app, user, Some(&panel.id)).await?;
    html(&RenamePage { frame, panel })
}
