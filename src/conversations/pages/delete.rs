//! Deleting a conversation: what goes with it, then the deed.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{Redirect, Response};

use super::wants_fragment;
use crate::app::App;
use crate::audit::Via;
use crate::conversations::sidebar::{self, AppFrame};
use crate::conversations::{delete as deed, store};
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::http::extract::Path;
use crate::links;
use crate::pages::view::{Count, html};

#[derive(Template)]
#[template(path = "conversations/delete.html")]
struct DeletePage {
    frame: AppFrame,
    panel: Delete,
}

#[derive(Template)]
#[template(path = "conversations/_delete.html")]
struct DeleteFragment {
    panel: Delete,
}

struct Delete {
    id: String,
    title: String,
    /// Links that go with it.
    links: Count,
    /// Copies that others made of them, which stay.
    copies: Count,
}

/// `GET /c/{id}/delete`
pub async fn ask(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let mut tx = app.db.read().await?;
    let conversation = store::owned(&mut tx, &user.id, &id).await?;
    let links = links::store::of_target(&mut tx, &user.id, &id).await?;
    drop(tx);
    let copies = Count(links.iter().map(|link| link.copies).sum());
    let links = Count(i64::try_from(links.len()).unwrap_or(i64::MAX));
    let panel = Delete { title: conversation.title, links, copies, id };
    if wants_fragment(&headers) {
        return html(&DeleteFragment { panel });
    }
    let frame = sidebar::frame(&app, &user, Some(&panel.id)).await?;
    html(&DeletePage { frame, panel })
}

/// `POST /c/{id}/delete`
pub async fn delete(State(app): State<App>, CurrentUser { user, .. }: CurrentUser, Path(id): Path<String>) -> Result<Redirect, Error> {
    deed::delete(&app, &user, &id, Via::Web).await?;
    Ok(Redirect::to("/"))
}
