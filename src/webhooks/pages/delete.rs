//! Removing an endpoint.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{Redirect, Response};

use crate::app::App;
use crate::audit::Via;
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::http::extract::Path;
use crate::links::pages::wants_fragment;
use crate::pages::view::{SettingsFrame, html};
use crate::webhooks::{manage, store};

#[derive(Template)]
#[template(path = "webhooks/delete.html")]
struct DeletePage {
    frame: SettingsFrame,
    panel: Delete,
}

#[derive(Template)]
#[template(path = "webhooks/_delete.html")]
struct DeleteFragment {
    panel: Delete,
}

struct Delete {
    id: String,
    name: String,
    url: String,
}

/// `GET /settings/webhooks/{id}/delete`: the question.
pub async fn ask(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let endpoint = store::owned(&mut *app.db.read().await?, &user.id, &id).await?;
    let panel = Delete { id: endpoint.id, name: endpoint.name, url: endpoint.url };
    if wants_fragment(&headers) {
        html(&DeleteFragment { panel })
    } else {
        html(&DeletePage { frame: SettingsFrame::new(&user, "webhooks"), panel })
    }
}

/// `POST /settings/webhooks/{id}/delete`
pub async fn delete(State(app): State<App>, CurrentUser { user, .. }: CurrentUser, Path(id): Path<String>) -> Result<Redirect, Error> {
    manage::delete(&app, &user.id, &id, Via::Web).await?;
    Ok(Redirect::to("/settings/webhooks?done=deleted"))
}
