//! Delete an assistant: one question, then it is done.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};

use crate::app::App;
use crate::assistants::{delete, store};
use crate::audit::Via;
use crate::conversations::pages::wants_fragment;
use crate::conversations::sidebar::{self, AppFrame};
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::http::extract::Path;
use crate::links;
use crate::pages::view::{Count, html};

#[derive(Template)]
#[template(path = "assistants/delete.html")]
struct DeletePage {
    frame: AppFrame,
    panel: Panel,
}

#[derive(Template)]
#[template(path = "assistants/_delete.html")]
struct DeleteFragment {
    panel: Panel,
}

struct Panel {
    id: String,
    name: String,
    links: Count,
}

/// `GET /assistants/{id}/delete`
pub async fn ask(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let mut tx = app.db.read().await?;
    let newest = store::owned(&mut tx, &user.id, &id).await?.newest;
    let name = store::version(&mut tx, &id, newest).await?.face.name;
    let links = links::store::of_target(&mut tx, &user.id, &id).await?.len();
    drop(tx);
    let panel = Panel { id, name, links: Count(i64::try_from(links).unwrap_or(i64::MAX)) };
    if wants_fragment(&headers) {
        return html(&DeleteFragment { panel });
    }
    html(&DeletePage { frame: sidebar::frame(&app, &user, None).await?, panel })
}

/// `POST /assistants/{id}/delete`
pub async fn delete(State(app): State<App>, CurrentUser { user, .. }: CurrentUser, Path(id): Path<String>) -> Result<Response, Error> {
    delete::delete(&app, &user, &id, Via::Web).await?;
    Ok(Redirect::to("/assistants?done=deleted").into_response())
}
