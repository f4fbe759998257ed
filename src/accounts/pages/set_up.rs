//! The first visit to a new server.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::{Problems, again, enter};
use crate::accounts::set_up;
use crate::accounts::sign_up::Applicant;
use crate::accounts::visitor::Visitor;
use crate::app::App;
use crate::error::Error;
use crate::http::form::Form;
use crate::pages::view::html;
use crate::providers::catalog::{self, ProviderSummary};

#[derive(Template, Default)]
#[template(path = "accounts/setup.html")]
struct SetUpPage {
    name: String,
    email: String,
    problems: Problems,
    /// A line about each provider of models that is connected.
    connected: Vec<String>,
}

/// What the form sends.
#[derive(Deserialize)]
pub struct Fields {
    name: String,
    email: String,
    password: String,
}

/// `GET /setup`
pub async fn ask(State(app): State<App>) -> Result<Response, Error> {
    if app.has_users().await? {
        return Ok(Redirect::to("/signin").into_response());
    }
    html(&SetUpPage { connected: connected(&app).await?, ..SetUpPage::default() })
}

async fn connected(app: &App) -> Result<Vec<String>, Error> {
    Ok(catalog::summary(app).await?.providers.iter().map(ProviderSummary::words).collect())
}

/// `POST /setup`: makes the administrator.
pub async fn make(State(app): State<App>, visitor: Visitor, Form(fields): Form<Fields>) -> Result<Response, Error> {
    app.limits.door(visitor.key)?;
    let Fields { name, email, password } = fields;
    let applicant = Applicant { name: &name, email: &email, password: &password };
    match set_up::set_up(&app, &applicant, &visitor).await {
        Ok(secret) => Ok(enter(&app, secret, "/")),
        Err(Error::Forbidden(_)) => Ok(Redirect::to("/signin").into_response()),
        Err(error) => again(&SetUpPage { problems: Problems::of(error)?, name, email, connected: connected(&app).await? }),
    }
}
