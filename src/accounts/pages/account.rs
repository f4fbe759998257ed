//! Settings › Account: name and address, password, sessions.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::{Problems, again, enter};
use crate::accounts::visitor::Visitor;
use crate::accounts::{change_password, edit_profile, sessions};
use crate::answers::preferences;
use crate::app::App;
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::http::extract::Query;
use crate::http::form::Form;
use crate::pages::view::{Notice, SettingsFrame, Time, html};

#[derive(Template)]
#[template(path = "accounts/account.html")]
struct AccountPage {
    frame: SettingsFrame,
    notice: Option<Notice>,
    name: String,
    email: String,
    problems: Problems,
    sessions: Vec<Session>,
    /// Said to every model before the conversation.
    instructions: String,
    instructions_saved: bool,
}

struct Session {
    device: String,
    address: String,
    current: bool,
    last_seen: Time,
}

/// What was just done here.
#[derive(Debug, Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

/// What the first form sends. The password is asked for when the address changes.
#[derive(Deserialize)]
pub struct Profile {
    name: String,
    email: String,
    #[serde(default)]
    confirm: String,
}

/// What the second form sends.
#[derive(Deserialize)]
pub struct Passwords {
    current: String,
    password: String,
    /// A checkbox: it is there or it isn't.
    keys: Option<String>,
}

/// `GET /settings`
pub async fn show(State(app): State<App>, current: CurrentUser, Query(Done { done }): Query<Done>) -> Result<Response, Error> {
    let words = match done.as_str() {
        "profile" => Some("Saved."),
        "password" => Some("Your password is changed. You are signed out everywhere else."),
        "sessions" => Some("You are signed out everywhere else."),
        _ => None,
    };
    let page = page(&app, &current, Problems::default()).await?;
    html(&AccountPage { notice: words.map(Notice::good), instructions_saved: done == "instructions", ..page })
}

/// `POST /settings/profile`
pub async fn profile(
    State(app): State<App>,
    current: CurrentUser,
    visitor: Visitor,
    Form(fields): Form<Profile>,
) -> Result<Response, Error> {
    let Profile { name, email, confirm } = fields;
    match edit_profile::edit_profile(&app, &current.user, &name, &email, &confirm, &visitor).await {
        Ok(()) => Ok(Redirect::to("/settings?done=profile").into_response()),
        Err(error) => again(&AccountPage { name, email, ..page(&app, &current, Problems::of(error)?).await? }),
    }
}

/// `POST /settings/password`
pub async fn password(
    State(app): State<App>,
    current: CurrentUser,
    visitor: Visitor,
    Form(fields): Form<Passwords>,
) -> Result<Response, Error> {
    match change_password::change_password(&app, &current.user, &fields.current, &fields.password, fields.keys.is_some(), &visitor).await {
        Ok(secret) => Ok(enter(&app, secret, "/settings?done=password")),
        Err(error) => again(&page(&app, &current, Problems::of(error)?).await?),
    }
}

/// `POST /settings/sessions`: sign out everywhere else.
pub async fn end_others(State(app): State<App>, current: CurrentUser) -> Result<Redirect, Error> {
    sessions::end_others(&app, &current).await?;
    Ok(Redirect::to("/settings?done=sessions"))
}

async fn page(app: &App, current: &CurrentUser, problems: Problems) -> Result<AccountPage, Error> {
    let now = app.now();
    let sessions = sessions::list(app, &current.user.id).await?.into_iter().map(|session| Session {
        current: session.id == current.session_id,
        device: session.client,
        address: session.address,
        last_seen: Time::at(session.last_seen_at, now),
    });
    Ok(AccountPage {
        frame: SettingsFrame::new(&current.user, "account"),
        notice: None,
        name: current.user.name.clone(),
        email: current.user.email.clone(),
        problems,
        sessions: sessions.collect(),
        instructions: preferences::read(app, &current.user).await?.instructions,
        instructions_saved: false,
    })
}
