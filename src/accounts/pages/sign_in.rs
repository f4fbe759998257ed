//! Signing in and out.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::{again, enter, leave};
use crate::accounts::sign_up_mode::{self, SignUpMode};
use crate::accounts::visitor::Visitor;
use crate::accounts::{next, sessions, sign_in};
use crate::app::App;
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::http::extract::Query;
use crate::http::form::Form;
use crate::pages::view::{Notice, html};

#[derive(Template)]
#[template(path = "accounts/signin.html")]
struct SignInPage {
    email: String,
    next: String,
    problem: Option<String>,
    notice: Option<Notice>,
    sign_up_open: bool,
}

/// What the address says: where to go afterwards, and whether an account was just deleted.
#[derive(Debug, Default, Deserialize)]
pub struct Arrival {
    #[serde(default)]
    next: String,
    #[serde(default)]
    deleted: bool,
}

/// What the form sends.
#[derive(Deserialize)]
pub struct Fields {
    email: String,
    password: String,
    #[serde(default)]
    next: String,
}

/// `GET /signin`
pub async fn ask(State(app): State<App>, current: Option<CurrentUser>, Query(arrival): Query<Arrival>) -> Result<Response, Error> {
    let next = next::local(&arrival.next).unwrap_or_default();
    if current.is_some() {
        return Ok(Redirect::to(if next.is_empty() { "/" } else { next }).into_response());
    }
    if !app.has_users().await? {
        return Err(Error::SetupRequired);
    }
    let words = "Your account is deleted. Its links stopped working, and what it held is being erased.";
    html(&SignInPage {
        email: String::new(),
        next: next.to_owned(),
        problem: None,
        notice: arrival.deleted.then(|| Notice::good(words)),
        sign_up_open: sign_up_open(&app).await?,
    })
}

/// `POST /signin`
pub async fn enter_here(State(app): State<App>, visitor: Visitor, Form(fields): Form<Fields>) -> Result<Response, Error> {
    let next = next::local(&fields.next).unwrap_or_default();
    match sign_in::sign_in(&app, &fields.email, &fields.password, &visitor).await {
        Ok(secret) => Ok(enter(&app, secret, if next.is_empty() { "/" } else { next })),
        Err(Error::Invalid { words, .. }) => again(&SignInPage {
            next: next.to_owned(),
            email: fields.email,
            problem: Some(words),
            notice: None,
            sign_up_open: sign_up_open(&app).await?,
        }),
        Err(error) => Err(error),
    }
}

/// `POST /signout`: of this session. Who is signed out already gets the same answer.
pub async fn out(State(app): State<App>, current: Option<CurrentUser>) -> Result<Response, Error> {
    if let Some(current) = current {
        sessions::end(&app, &current).await?;
    }
    Ok(leave(&app, "/signin"))
}

/// Whether the page offers to sign up.
pub async fn sign_up_open(app: &App) -> Result<bool, Error> {
    Ok(sign_up_mode::get(&mut *app.db.read().await?).await? == SignUpMode::Open)
}
