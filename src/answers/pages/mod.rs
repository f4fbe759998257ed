//! What the page of a conversation sends and asks, each file named after it.

pub mod again;
pub mod edit;
pub mod events;
pub mod instructions;
pub mod say;
pub mod stop;

use askama::Template;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};

use super::say::Begun;
use crate::accounts::user::User;
use crate::app::App;
use crate::conversations::pages::wants_fragment;
use crate::conversations::thread::{self, Turn};
// Named by the template of a message.
use crate::conversations::view::Part;
use crate::error::Error;
use crate::pages::view::html;

#[derive(Template)]
#[template(path = "conversations/_turns.html")]
struct TurnsFragment {
    earlier: Option<String>,
    turns: Vec<Turn>,
}

/// The new turns for a script, the conversation's page for everybody else.
async fn begun(app: &App, user: &User, begun: &Begun, headers: &HeaderMap) -> Result<Response, Error> {
    if !wants_fragment(headers) {
        return Ok(Redirect::to(&format!("/c/{}#{}", begun.conversation_id, begun.from)).into_response());
    }
    let (turns, _) = thread::read_from(app, user, &begun.conversation_id, &begun.from).await?;
    html(&TurnsFragment { earlier: None, turns })
}

/// Turns as markup, for an event.
pub(crate) fn markup(turns: Vec<Turn>) -> Result<String, Error> {
    Ok(TurnsFragment { earlier: None, turns }.render()?)
}
