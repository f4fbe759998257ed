//! Following an invitation.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use super::{Problems, again, enter};
use crate::accounts::one_time::{self, Kind, OneTime};
use crate::accounts::sign_up::Applicant;
use crate::accounts::visitor::Visitor;
use crate::accounts::{invite, store};
use crate::app::App;
use crate::error::Error;
use crate::http::extract::Path;
use crate::http::form::Form;
use crate::pages::view::html;

#[derive(Template)]
#[template(path = "accounts/invite.html")]
struct InvitePage {
    token: String,
    inviter: String,
    name: String,
    email: String,
    fixed_email: bool,
    problems: Problems,
}

/// What the form sends.
#[derive(Deserialize)]
pub struct Fields {
    name: String,
    email: String,
    password: String,
}

/// `GET /invite/{token}`: opening it uses nothing up.
pub async fn ask(State(app): State<App>, visitor: Visitor, Path(token): Path<String>) -> Result<Response, Error> {
    let invitation = look(&app, &visitor, &token).await?;
    html(&page(&app, token, invitation).await?)
}

/// `POST /invite/{token}`: makes the account.
pub async fn accept(
    State(app): State<App>,
    visitor: Visitor,
    Path(token): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Error> {
    app.limits.door(visitor.key)?;
    let invitation = look(&app, &visitor, &token).await?;
    let Fields { name, email, password } = fields;
    let applicant = Applicant { name: &name, email: &email, password: &password };
    match invite::accept(&app, &token, &applicant, &visitor).await {
        Ok(secret) => Ok(enter(&app, secret, "/")),
        Err(error) => {
            let mut page = page(&app, token, invitation).await?;
            page.email = if page.fixed_email { page.email } else { email };
            again(&InvitePage { problems: Problems::of(error)?, name, ..page })
        }
    }
}

async fn look(app: &App, visitor: &Visitor, token: &str) -> Result<OneTime, Error> {
    invite::require_not_closed(&mut *app.db.read().await?).await?;
    let found = one_time::peek(&app.db, Kind::Invite, token, app.now()).await;
    found.or_else(|error| {
        app.limits.miss(visitor.key)?;
        Err(error)
    })
}

async fn page(app: &App, token: String, invitation: OneTime) -> Result<InvitePage, Error> {
    let inviter = match &invitation.created_by {
        Some(id) => store::by_id(&mut *app.db.read().await?, id).await?.name,
        None => "The person who runs this server".to_owned(),
    };
    let fixed_email = !invitation.email.is_empty();
    Ok(InvitePage { token, inviter, name: String::new(), email: invitation.email, fixed_email, problems: Problems::default() })
}
