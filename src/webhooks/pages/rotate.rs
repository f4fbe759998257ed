//! Giving an endpoint a new secret.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use super::show;
use crate::app::App;
use crate::audit::Via;
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::http::extract::Path;
use crate::http::form::Form;
use crate::links::pages::wants_fragment;
use crate::pages::view::{SettingsFrame, html};
use crate::webhooks::{manage, store};

#[derive(Template)]
#[template(path = "webhooks/rotate.html")]
struct RotatePage {
    frame: SettingsFrame,
    panel: Rotate,
}

#[derive(Template)]
#[template(path = "webhooks/_rotate.html")]
struct RotateFragment {
    panel: Rotate,
}

struct Rotate {
    id: String,
    name: String,
    hint: String,
}

#[derive(Template)]
#[template(path = "webhooks/_rotated.html")]
struct RotatedFragment {
    id: String,
    text: String,
}

/// `GET /settings/webhooks/{id}/secret`: the question.
pub async fn ask(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let endpoint = store::owned(&mut *app.db.read().await?, &user.id, &id).await?;
    let panel = Rotate { id: endpoint.id, name: endpoint.name, hint: endpoint.hint };
    if wants_fragment(&headers) {
        html(&RotateFragment { panel })
    } else {
        html(&RotatePage { frame: SettingsFrame::new(&user, "webhooks"), panel })
    }
}

/// What the form sends.
#[derive(Debug, Deserialize)]
pub struct How {
    #[serde(default)]
    keep_old: bool,
}

/// `POST /settings/webhooks/{id}/secret`: answers with the new secret, once.
pub async fn rotate(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(How { keep_old }): Form<How>,
) -> Result<Response, Error> {
    let (endpoint, secret) = manage::rotate(&app, &user.id, &id, keep_old, Via::Web).await?;
    if wants_fragment(&headers) {
        html(&RotatedFragment { id: endpoint.id, text: secret.expose().to_owned() })
    } else {
        show::with_secret(&app, &user, &endpoint.id, &secret).await
    }
}
