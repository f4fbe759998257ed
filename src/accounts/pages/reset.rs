//! Following a link that sets a password.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use super::{again, enter};
use crate::accounts::one_time::{self, Kind};
use crate::accounts::visitor::Visitor;
use crate::accounts::{reset, store};
use crate::app::App;
use crate::error::Error;
use crate::http::extract::Path;
use crate::http::form::Form;
use crate::pages::view::html;

#[derive(Template)]
#[template(path = "accounts/reset.html")]
struct ResetPage {
    token: String,
    email: String,
    problem: Option<String>,
}

/// What the form sends.
#[derive(Deserialize)]
pub struct Fields {
    password: String,
}

/// `GET /reset/{token}`: opening it uses nothing up.
pub async fn ask(State(app): State<App>, visitor: Visitor, Path(token): Path<String>) -> Result<Response, Error> {
    let email = whose(&app, &visitor, &token).await?;
    html(&ResetPage { token, email, problem: None })
}

/// `POST /reset/{token}`: sets the password.
pub async fn set(
    State(app): State<App>,
    visitor: Visitor,
    Path(token): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Error> {
    app.limits.door(visitor.key)?;
    let email = whose(&app, &visitor, &token).await?;
    match reset::reset(&app, &token, &fields.password, &visitor).await {
        Ok(secret) => Ok(enter(&app, secret, "/")),
        Err(Error::Invalid { words, .. }) => again(&ResetPage { token, email, problem: Some(words) }),
        Err(error) => Err(error),
    }
}

async fn whose(app: &App, visitor: &Visitor, token: &str) -> Result<String, Error> {
    let found = one_time::peek(&app.db, Kind::Reset, token, app.now()).await;
    let link = found.or_else(|error| {
        app.limits.miss(visitor.key)?;
        Err(error)
    })?;
    let user = store::by_id(&mut *app.db.read().await?, &link.user_id.ok_or(Error::NotFound)?).await?;
    Ok(user.email)
}
