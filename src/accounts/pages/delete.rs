//! Settings › Delete account: what goes, and the password.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::{again, leave};
use crate::accounts::user::User;
use crate::accounts::visitor::Visitor;
use crate::accounts::{delete, people, store};
use crate::app::App;
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::http::form::Form;
use crate::links;
use crate::links::pages::wants_fragment;
use crate::pages::view::{Count, SettingsFrame, html};

#[derive(Template)]
#[template(path = "accounts/delete.html")]
struct DeleteAccountPage {
    frame: SettingsFrame,
    panel: DeleteAccount,
}

#[derive(Template)]
#[template(path = "accounts/_delete.html")]
struct DeleteAccountFragment {
    panel: DeleteAccount,
}

struct DeleteAccount {
    conversations: Count,
    links: Count,
    copies: Count,
    last_admin: bool,
    problem: Option<String>,
}

/// What the form sends.
#[derive(Deserialize)]
pub struct Fields {
    password: String,
}

/// `GET /settings/delete-account`
pub async fn ask(State(app): State<App>, CurrentUser { user, .. }: CurrentUser, headers: HeaderMap) -> Result<Response, Error> {
    let panel = panel(&app, &user, None).await?;
    if wants_fragment(&headers) {
        html(&DeleteAccountFragment { panel })
    } else {
        html(&DeleteAccountPage { frame: SettingsFrame::new(&user, "account"), panel })
    }
}

/// `POST /settings/delete-account`
pub async fn delete_own(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    visitor: Visitor,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Result<Response, Error> {
    let words = match delete::delete_own(&app, &user, &fields.password, &visitor).await {
        Ok(()) => return Ok(leave(&app, "/signin?deleted=true")),
        Err(Error::Invalid { words, .. }) => words,
        Err(error) => return Err(error),
    };
    let panel = panel(&app, &user, Some(words)).await?;
    if wants_fragment(&headers) {
        Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&DeleteAccountFragment { panel })?).into_response())
    } else {
        again(&DeleteAccountPage { frame: SettingsFrame::new(&user, "account"), panel })
    }
}

async fn panel(app: &App, user: &User, problem: Option<String>) -> Result<DeleteAccount, Error> {
    let mut tx = app.db.read().await?;
    let (conversations, copies) = store::belongings(&mut tx, &user.id).await?;
    let (links, _) = links::lists::counts(&mut tx, &user.id, 0).await?;
    let last_admin = match people::keep_an_administrator(&mut tx, &user.id).await {
        Ok(()) => false,
        Err(Error::Invalid { .. }) => true,
        Err(error) => return Err(error),
    };
    Ok(DeleteAccount { conversations: Count(conversations), links: Count(links), copies: Count(copies), last_admin, problem })
}
