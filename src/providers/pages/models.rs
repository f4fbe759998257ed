//! The models of one provider: which are shown, and to whom.

use std::collections::HashSet;

use askama::Template;
use axum::extract::State;
use axum::response::{Redirect, Response};
use serde::Deserialize;

use crate::app::App;
use crate::error::Error;
use crate::http::auth::Admin;
use crate::http::extract::{Path, Query};
use crate::http::form::Form;
use crate::pages::view::{Count, Notice, SettingsFrame, html};
use crate::providers::catalog::{self, Model};
use crate::providers::manage;
use crate::providers::rules::{Audience, Rule};

#[derive(Template)]
#[template(path = "providers/models.html")]
struct ModelsPage {
    frame: SettingsFrame,
    notice: Option<Notice>,
    id: String,
    name: String,
    problem: String,
    models: Vec<ModelRow>,
}

struct ModelRow {
    id: String,
    name: String,
    window: Count,
    takes_images: bool,
    shown: bool,
    audience: String,
}

/// What the address says: what was just done.
#[derive(Debug, Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

/// `GET /settings/models/{id}/models`
pub async fn show(
    State(app): State<App>,
    Admin(user): Admin,
    Path(id): Path<String>,
    Query(Done { done }): Query<Done>,
) -> Result<Response, Error> {
    app.providers.asked(&app).await?;
    let source = manage::find(&app, &id).await?.ok_or(Error::NotFound)?;
    let known = app.providers.known(&app).await?;
    let row = |model: Model| {
        let rule = known.rules.get(&model.id).cloned().unwrap_or_default();
        ModelRow {
            id: model.id,
            name: model.name,
            window: Count(model.context_tokens.into()),
            takes_images: model.takes_images,
            shown: rule.shown,
            audience: audience(&rule),
        }
    };
    html(&ModelsPage {
        frame: SettingsFrame::new(&user, "models"),
        notice: (done == "saved").then(|| Notice::good("Saved. It holds from the next question on.")),
        name: source.settings().name.clone(),
        problem: catalog::problem(&source),
        models: catalog::models(&source).into_iter().map(row).collect(),
        id,
    })
}

fn audience(rule: &Rule) -> String {
    match &rule.audience {
        Audience::Everyone => "Everyone".to_owned(),
        Audience::Admins => "Administrators".to_owned(),
        Audience::People(people) if people.len() == 1 => "1 person".to_owned(),
        Audience::People(people) => format!("{} people", people.len()),
    }
}

/// `POST /settings/models/{id}/models`: sends a field `listed` for each model on the page, and `shown` for those that
/// are ticked; the buttons that tick all or none say so in `all`.
pub async fn save(
    State(app): State<App>,
    Admin(user): Admin,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Redirect, Error> {
    let of = |wanted: &str| fields.iter().filter(|(name, _)| name == wanted).map(|(_, value)| value.clone()).collect::<Vec<_>>();
    let listed = of("listed");
    let shown: HashSet<String> = match of("all").first().map(String::as_str) {
        Some("show") => listed.iter().cloned().collect(),
        Some("hide") => HashSet::new(),
        _ => of("shown").into_iter().collect(),
    };
    manage::show(&app, &user.id, &id, &listed, &shown).await?;
    Ok(Redirect::to(&format!("/settings/models/{id}/models?done=saved")))
}
