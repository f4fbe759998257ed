//! Who may use one model.

use std::collections::HashSet;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::accounts;
use crate::accounts::user::User;
use crate::app::App;
use crate::error::Error;
use crate::http::auth::Admin;
use crate::http::extract::{Path, Query};
use crate::http::form::Form;
use crate::pages::view::{SettingsFrame, html};
use crate::providers::rules::Audience;
use crate::providers::{catalog, manage};

/// People that can be chosen from.
const PEOPLE: i64 = 500;

#[derive(Template)]
#[template(path = "providers/rule.html")]
struct RulePage {
    frame: SettingsFrame,
    provider_id: String,
    model_id: String,
    model: String,
    audience: String,
    people: Vec<Choice>,
    problem: Option<String>,
}

struct Choice {
    id: String,
    name: String,
    email: String,
    chosen: bool,
}

/// What the address says.
#[derive(Deserialize)]
pub struct Which {
    #[serde(default)]
    model: String,
}

/// `GET /settings/models/{id}/rule?model=…`
pub async fn ask(
    State(app): State<App>,
    Admin(user): Admin,
    Path(id): Path<String>,
    Query(Which { model }): Query<Which>,
) -> Result<Response, Error> {
    html(&page(&app, &user, &id, &model).await?)
}

/// `POST /settings/models/{id}/rule`: sends `model`, `audience`, and `person` for each one that is ticked.
pub async fn save(
    State(app): State<App>,
    Admin(user): Admin,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Error> {
    let of = |wanted: &str| fields.iter().filter(|(name, _)| name == wanted).map(|(_, value)| value.clone()).collect::<Vec<_>>();
    let first = |wanted: &str| of(wanted).into_iter().next().unwrap_or_default();
    let (model, audience) = (first("model"), first("audience"));
    let people: HashSet<String> = of("person").into_iter().collect();
    // The model is one of the provider that the address names.
    if !model.starts_with(&format!("{id}/")) {
        return Err(Error::NotFound);
    }
    match manage::allow(&app, &user.id, &model, &audience, people).await {
        Ok(()) => Ok(Redirect::to(&format!("/settings/models/{id}/models?done=saved")).into_response()),
        Err(Error::Invalid { words, .. }) => {
            let page = RulePage { problem: Some(words), audience, ..page(&app, &user, &id, &model).await? };
            Ok((StatusCode::BAD_REQUEST, html(&page)?).into_response())
        }
        Err(error) => Err(error),
    }
}

async fn page(app: &App, user: &User, id: &str, model_id: &str) -> Result<RulePage, Error> {
    let source = manage::find(app, id).await?.ok_or(Error::NotFound)?;
    let model = catalog::models(&source).into_iter().find(|model| model.id == model_id).ok_or(Error::NotFound)?;
    let known = app.providers.known(app).await?;
    let rule = known.rules.get(model_id).cloned().unwrap_or_default();
    let chosen = if let Audience::People(people) = &rule.audience { people.clone() } else { HashSet::new() };
    let accounts = accounts::store::accounts(&mut *app.db.read().await?, None, PEOPLE).await?;
    let choice = |account: accounts::user::Account| Choice {
        chosen: chosen.contains(&account.id),
        id: account.id,
        name: account.name,
        email: account.email,
    };
    Ok(RulePage {
        frame: SettingsFrame::new(user, "models"),
        provider_id: id.to_owned(),
        model_id: model_id.to_owned(),
        model: model.name,
        audience: rule.audience.as_str().to_owned(),
        people: accounts.into_iter().map(choice).collect(),
        problem: None,
    })
}
