//! Another version of what the user said.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;
use takeback_transcripts::{Part, Role};

use crate::answers::say::{self, Message};
use crate::app::App;
use crate::conversations::pages::wants_fragment;
use crate::conversations::sidebar::{self, AppFrame};
use crate::conversations::{branch, store};
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::http::extract::Path;
use crate::http::form::Form;
use crate::pages::view::html;

struct Panel {
    conversation_id: String,
    message_id: String,
    text: String,
}

#[derive(Template)]
#[template(path = "answers/edit.html")]
struct Page {
    frame: AppFrame,
    panel: Panel,
}

#[derive(Template)]
#[template(path = "answers/_edit.html")]
struct Fragment {
    panel: Panel,
}

/// The form.
#[derive(Debug, Deserialize)]
pub struct Edited {
    text: String,
    #[serde(default)]
    model: String,
}

/// `GET /c/{id}/messages/{message}/edit`
pub async fn ask(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Path((id, message)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let mut tx = app.db.read().await?;
    store::owned(&mut tx, &user.id, &id).await?;
    let old = branch::load(&mut tx, &id, &message, 1).await?.pop().filter(|old| old.role == Role::User && !old.hidden);
    drop(tx);
    let texts: Vec<String> = old.ok_or(Error::NotFound)?.parts.into_iter().filter_map(text_of).collect();
    let panel = Panel { conversation_id: id, message_id: message, text: texts.join("\n\n") };
    if wants_fragment(&headers) {
        return html(&Fragment { panel });
    }
    let frame = sidebar::frame(&app, &user, Some(&panel.conversation_id)).await?;
    html(&Page { frame, panel })
}

/// `POST /c/{id}/messages/{message}/edit`
pub async fn send(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Path((id, message)): Path<(String, String)>,
    headers: HeaderMap,
    Form(edited): Form<Edited>,
) -> Result<Response, Error> {
    let new = Message { text: edited.text, model_id: edited.model, ..Message::default() };
    let begun = say::edit(&app, &user, &id, &message, new).await?;
    super::begun(&app, &user, &begun, &headers).await
}

fn text_of(part: Part) -> Option<String> {
    if let Part::Text { text } = part { Some(text) } else { None }
}
