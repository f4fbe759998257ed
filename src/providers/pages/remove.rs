//! Removing a provider.

use askama::Template;
use axum::extract::State;
use axum::response::{Redirect, Response};

use crate::app::App;
use crate::error::Error;
use crate::http::auth::Admin;
use crate::http::extract::Path;
use crate::pages::view::{Count, SettingsFrame, html};
use crate::providers::manage;
use crate::providers::settings::Source;

#[derive(Template)]
#[template(path = "providers/remove.html")]
struct RemovePage {
    frame: SettingsFrame,
    id: String,
    name: String,
    models: Count,
}

/// `GET /settings/models/{id}/remove`
pub async fn ask(State(app): State<App>, Admin(user): Admin, Path(id): Path<String>) -> Result<Response, Error> {
    let source = manage::find(&app, &id).await?.filter(|source| source.settings().source == Source::Page);
    let source = source.ok_or(Error::NotFound)?;
    let models = Count(i64::try_from(source.list.models.len()).unwrap_or(i64::MAX));
    html(&RemovePage { frame: SettingsFrame::new(&user, "models"), name: source.settings().name.clone(), models, id })
}

/// `POST /settings/models/{id}/remove`
pub async fn remove(State(app): State<App>, Admin(user): Admin, Path(id): Path<String>) -> Result<Redirect, Error> {
    manage::remove(&app, &user.id, &id).await?;
    Ok(Redirect::to("/settings/models?done=removed"))
}
