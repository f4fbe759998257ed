//! Making one's own account.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use serde::Deserialize;

use super::{Problems, again, enter};
use crate::accounts::next;
use crate::accounts::sign_up::{self, Applicant};
use crate::accounts::visitor::Visitor;
use crate::app::App;
use crate::error::Error;
use crate::guests::cookie::Secret;
use crate::guests::keep::Left;
use crate::http::auth::CurrentUser;
use crate::http::extract::Query;
use crate::http::form::Form;
use crate::pages::view::html;

#[derive(Template, Default)]
#[template(path = "accounts/signup.html")]
struct SignUpPage {
    name: String,
    email: String,
    next: String,
    problems: Problems,
}

/// Where to go afterwards.
#[derive(Debug, Default, Deserialize)]
pub struct Arrival {
    #[serde(default)]
    next: String,
}

/// What the form sends.
#[derive(Deserialize)]
pub struct Fields {
    name: String,
    email: String,
    password: String,
    #[serde(default)]
    next: String,
}

/// `GET /signup`: the form, or how one gets in here.
pub async fn ask(State(app): State<App>, current: Option<CurrentUser>, Query(arrival): Query<Arrival>) -> Result<Response, Error> {
    let next = next::local(&arrival.next).unwrap_or_default();
    if current.is_some() {
        return Ok(Redirect::to(if next.is_empty() { "/" } else { next }).into_response());
    }
    if !app.has_users().await? {
        return Err(Error::SetupRequired);
    }
    sign_up::require_open(&mut *app.db.read().await?).await?;
    html(&SignUpPage { next: next.to_owned(), ..SignUpPage::default() })
}

/// `POST /signup`
pub async fn make(State(app): State<App>, visitor: Visitor, cookies: CookieJar, Form(fields): Form<Fields>) -> Result<Response, Error> {
    app.limits.door(visitor.key)?;
    if !app.has_users().await? {
        return Err(Error::SetupRequired);
    }
    let Fields { name, email, password, next } = fields;
    let next = next::local(&next).unwrap_or_default();
    let applicant = Applicant { name: &name, email: &email, password: &password };
    match sign_up::sign_up(&app, &applicant, Left::named_by(next, &Secret::of(&cookies, &app.config, false)).as_ref(), &visitor).await {
        Ok(secret) => Ok(enter(&app, secret, if next.is_empty() { "/" } else { next })),
        Err(error) => again(&SignUpPage { problems: Problems::of(error)?, next: next.to_owned(), name, email }),
    }
}
