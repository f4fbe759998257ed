//! All providers, and what is offered first.

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
use crate::pages::view::{Count, Notice, SettingsFrame, Time, html};
use crate::providers::registry::{Known, ProviderState};
use crate::providers::rules::Rule;
use crate::providers::settings::{Kind, Source};
use crate::providers::{catalog, manage, refresh};

#[derive(Template)]
#[template(path = "providers/list.html")]
struct ProvidersPage {
    frame: SettingsFrame,
    notice: Option<Notice>,
    providers: Vec<ProviderRow>,
    defaults: Vec<DefaultChoice>,
    kinds: [Kind; 5],
}

struct ProviderRow {
    id: String,
    name: String,
    kind: &'static str,
    base_url: String,
    /// Where it comes from; it can be changed here if it comes from here.
    from: String,
    editable: bool,
    shown: Count,
    models: Count,
    problem: String,
    checked: Option<Time>,
}

struct DefaultChoice {
    id: String,
    name: String,
    chosen: bool,
}

/// What the address says: what was just done.
#[derive(Debug, Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

/// What the form for the default model sends.
#[derive(Deserialize)]
pub struct DefaultModel {
    model: String,
}

/// `GET /settings/models`
pub async fn show(State(app): State<App>, Admin(user): Admin, Query(Done { done }): Query<Done>) -> Result<Response, Error> {
    let words = match done.as_str() {
        "added" => Some("The provider is added."),
        "changed" => Some("Saved. It holds from the next question on."),
        "removed" => Some("The provider is removed, and its key with it."),
        "refreshed" => Some("Every provider was asked for its models."),
        "default" => Some("Saved. New chats begin with it."),
        _ => None,
    };
    html(&page(&app, &user, words.map(Notice::good)).await?)
}

/// `POST /settings/models/refresh`
pub async fn fetch(State(app): State<App>, Admin(_): Admin) -> Result<Redirect, Error> {
    refresh::everything(&app).await?;
    Ok(Redirect::to("/settings/models?done=refreshed"))
}

/// `POST /settings/models/default`
pub async fn choose(
    State(app): State<App>,
    Admin(user): Admin,
    Form(DefaultModel { model }): Form<DefaultModel>,
) -> Result<Response, Error> {
    let done = manage::set_default(&app, &user.id, &model).await;
    answer(&app, &user, done.map(|()| None)).await
}

/// `POST /settings/models/{id}/test`
pub async fn test(State(app): State<App>, Admin(user): Admin, Path(id): Path<String>) -> Result<Response, Error> {
    let done = manage::test(&app, &id).await;
    answer(&app, &user, done.map(Some)).await
}

/// On to the list, or the list with what there is to say.
async fn answer(app: &App, user: &User, done: Result<Option<String>, Error>) -> Result<Response, Error> {
    match done {
        Ok(None) => Ok(Redirect::to("/settings/models?done=default").into_response()),
        Ok(Some(words)) => html(&page(app, user, Some(Notice::good(words))).await?),
        Err(Error::Invalid { words, .. }) => {
            let page = page(app, user, Some(Notice { kind: "bad", text: words })).await?;
            Ok((StatusCode::BAD_REQUEST, html(&page)?).into_response())
        }
        Err(error) => Err(error),
    }
}

async fn page(app: &App, user: &User, notice: Option<Notice>) -> Result<ProvidersPage, Error> {
    let known = app.providers.asked(app).await?;
    Ok(ProvidersPage {
        frame: SettingsFrame::new(user, "models"),
        notice,
        providers: known.sources.iter().map(|source| row(source, &known, app.now())).collect(),
        defaults: defaults(&known),
        kinds: Kind::ALL,
    })
}

fn row(source: &ProviderState, known: &Known, now: i64) -> ProviderRow {
    let settings = source.settings();
    let models = catalog::models(source);
    let shown = models.iter().filter(|model| known.rules.get(&model.id).is_none_or(|rule| rule.shown)).count();
    let count = |number: usize| Count(i64::try_from(number).unwrap_or(i64::MAX));
    ProviderRow {
        id: settings.id.clone(),
        name: settings.name.clone(),
        kind: settings.kind.label(),
        base_url: settings.base_url.clone(),
        from: match settings.source {
            Source::Environment(variable) => format!("from {variable}"),
            Source::File => "from takeback.toml".to_owned(),
            Source::Found => "found running here".to_owned(),
            Source::Page => "added here".to_owned(),
        },
        editable: settings.source == Source::Page,
        shown: count(shown),
        models: count(models.len()),
        problem: catalog::problem(source),
        checked: (source.list.fetched_at > 0).then(|| Time::at(source.list.fetched_at, now)),
    }
}

/// What everybody is shown, to choose the first from.
fn defaults(known: &Known) -> Vec<DefaultChoice> {
    let shown = |id: &str| known.rules.get(id).is_none_or(|rule: &Rule| rule.shown);
    let models = known.sources.iter().flat_map(catalog::models).filter(|model| shown(&model.id));
    models
        .map(|model| DefaultChoice {
            chosen: known.default_model.as_deref() == Some(model.id.as_str()),
            name: format!("{} · {}", model.name, model.provider_name),
            id: model.id,
        })
        .collect()
}
