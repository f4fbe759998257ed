//! Adding a provider and changing one. The form never holds the key that is kept, only that there is one.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::accounts::user::User;
use crate::app::App;
use crate::error::Error;
use crate::http::auth::Admin;
use crate::http::extract::{Path, Query};
use crate::http::form::Form;
use crate::pages::view::{SettingsFrame, html};
use crate::providers::manage::{self, Draft};
use crate::providers::registry::ProviderState;
use crate::providers::settings::{Key, Kind, Source};

#[derive(Template)]
#[template(path = "providers/edit.html")]
struct EditPage {
    frame: SettingsFrame,
    /// `None`: it is a new one.
    id: Option<String>,
    kinds: [Kind; 5],
    fields: Fields,
    key_kept: bool,
    problems: Problems,
}

/// What is wrong, by field.
#[derive(Default)]
struct Problems {
    form: Option<String>,
    name: Option<String>,
    base_url: Option<String>,
    key: Option<String>,
    models: Option<String>,
    context_tokens: Option<String>,
}

/// What the form sends.
#[derive(Default, Deserialize)]
pub struct Fields {
    #[serde(default)]
    name: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    base_url: String,
    #[serde(default)]
    key: String,
    #[serde(default)]
    forget_key: bool,
    #[serde(default)]
    models: String,
    #[serde(default)]
    context_tokens: String,
}

/// What the address says: the kind that was chosen on the list.
#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    kind: String,
}

/// `GET /settings/models/add`
pub async fn ask_new(State(app): State<App>, Admin(user): Admin, Query(Wanted { kind }): Query<Wanted>) -> Result<Response, Error> {
    let kind = Kind::parse(&kind).unwrap_or(Kind::OpenAi);
    let name = if kind == Kind::Compatible { String::new() } else { kind.label().to_owned() };
    let base_url = kind.usual_address().unwrap_or_default().to_owned();
    let fields = Fields { name, kind: kind.as_str().to_owned(), base_url, ..Fields::default() };
    html(&page(&app, &user, None, fields).await?)
}

/// `POST /settings/models/add`
pub async fn add(State(app): State<App>, Admin(user): Admin, Form(fields): Form<Fields>) -> Result<Response, Error> {
    save(&app, &user, None, fields).await
}

/// `GET /settings/models/{id}/edit`
pub async fn ask(State(app): State<App>, Admin(user): Admin, Path(id): Path<String>) -> Result<Response, Error> {
    let source = typed(&app, &id).await?;
    let settings = source.settings();
    let fields = Fields {
        name: settings.name.clone(),
        kind: settings.kind.as_str().to_owned(),
        base_url: settings.base_url.clone(),
        models: settings.models.join("\n"),
        context_tokens: settings.context_tokens.map(|tokens| tokens.to_string()).unwrap_or_default(),
        ..Fields::default()
    };
    html(&page(&app, &user, Some(&id), fields).await?)
}

/// `POST /settings/models/{id}/edit`
pub async fn change(
    State(app): State<App>,
    Admin(user): Admin,
    Path(id): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Error> {
    typed(&app, &id).await?;
    save(&app, &user, Some(&id), fields).await
}

async fn save(app: &App, user: &User, id: Option<&str>, fields: Fields) -> Result<Response, Error> {
    let key = fields.key.trim();
    let draft = Draft {
        name: fields.name.clone(),
        kind: fields.kind.clone(),
        base_url: fields.base_url.clone(),
        key: (!key.is_empty()).then(|| Key::new(key)),
        forget_key: fields.forget_key,
        models: fields.models.clone(),
        context_tokens: fields.context_tokens.clone(),
    };
    let done = if id.is_some() { "changed" } else { "added" };
    match manage::save(app, &user.id, id, &draft).await {
        Ok(_) => Ok(Redirect::to(&format!("/settings/models?done={done}")).into_response()),
        Err(Error::Invalid { field, words }) => {
            let page = EditPage { problems: Problems::of(field, words), ..page(app, user, id, fields).await? };
            Ok((StatusCode::BAD_REQUEST, html(&page)?).into_response())
        }
        Err(error) => Err(error),
    }
}

/// The provider, if it can be changed here.
async fn typed(app: &App, id: &str) -> Result<ProviderState, Error> {
    let source = manage::find(app, id).await?.filter(|source| source.settings().source == Source::Page);
    source.ok_or(Error::NotFound)
}

async fn page(app: &App, user: &User, id: Option<&str>, fields: Fields) -> Result<EditPage, Error> {
    let key_kept = match id {
        Some(id) => {
            let source = typed(app, id).await?;
            source.locked || source.settings().key.is_some()
        }
        None => false,
    };
    Ok(EditPage {
        frame: SettingsFrame::new(user, "models"),
        id: id.map(str::to_owned),
        kinds: Kind::ALL,
        // Never sent back, not even what was typed just now.
        fields: Fields { key: String::new(), ..fields },
        key_kept,
        problems: Problems::default(),
    })
}

impl Problems {
    fn of(field: &str, words: String) -> Self {
        let mut problems = Self::default();
        let place = match field {
            "name" => &mut problems.name,
            "base_url" => &mut problems.base_url,
            "key" => &mut problems.key,
            "models" => &mut problems.models,
            "context_tokens" => &mut problems.context_tokens,
            _ => &mut problems.form,
        };
        *place = Some(words);
        problems
    }
}
