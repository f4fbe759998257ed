//! Another name, address or choice of events; and whether anything is sent at all.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::fields::Typed;
use super::show;
use crate::app::App;
use crate::audit::Via;
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::http::extract::Path;
use crate::http::form::Form;
use crate::webhooks::manage::{self, Wish};

/// `POST /settings/webhooks/{id}`
pub async fn change(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Path(id): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Error> {
    let typed = Typed::of(pairs);
    let changed = match typed.wish() {
        Ok(wish) => manage::change(&app, &user.id, &id, &wish, Via::Web).await,
        Err(error) => Err(error),
    };
    match changed {
        Ok(endpoint) => Ok(Redirect::to(&format!("/settings/webhooks/{}?done=changed", endpoint.id)).into_response()),
        Err(Error::Invalid { field, words }) => show::to_correct(&app, &user, &id, &typed, field, words).await,
        Err(error) => Err(error),
    }
}

/// What the button sends.
#[derive(Debug, Deserialize)]
pub struct Switch {
    enabled: bool,
}

/// `POST /settings/webhooks/{id}/state`
pub async fn switch(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Path(id): Path<String>,
    Form(Switch { enabled }): Form<Switch>,
) -> Result<Redirect, Error> {
    let wish = Wish { enabled: Some(enabled), ..Wish::default() };
    let endpoint = manage::change(&app, &user.id, &id, &wish, Via::Web).await?;
    Ok(Redirect::to(&format!("/settings/webhooks/{}?done={}", endpoint.id, if enabled { "on" } else { "off" })))
}
