//! The start page and a conversation's page.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use super::wants_fragment;
use crate::answers::composer::{self, Composer};
use crate::app::App;
use crate::conversations::around::Elsewhere;
use crate::conversations::sidebar::{self, AppFrame};
use crate::conversations::thread::{self, Turn};
use crate::http::extract::{Path, Query};
// Named by the template of a message.
use crate::conversations::view::Part;
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::pages::view::html;

#[derive(Template)]
#[template(path = "conversations/home.html")]
struct Home {
    frame: AppFrame,
    composer: Composer,
}

#[derive(Template)]
#[template(path = "conversations/show.html")]
struct ConversationPage {
    frame: AppFrame,
    id: String,
    title: String,
    shared: bool,
    summary: String,
    elsewhere: Option<Elsewhere>,
    earlier: Option<String>,
    turns: Vec<Turn>,
    /// The end of the current branch: what a window has when it has this page.
    last: Option<String>,
    composer: Composer,
}

#[derive(Template)]
#[template(path = "conversations/_turns.html")]
struct TurnsFragment {
    earlier: Option<String>,
    turns: Vec<Turn>,
}

/// What the search field of the sidebar sends without script.
#[derive(Debug, Default, Deserialize)]
pub struct Search {
    #[serde(default)]
    q: String,
}

/// Which stretch of the conversation is asked for.
#[derive(Debug, Default, Deserialize)]
pub struct Stretch {
    before: Option<String>,
    /// The message that is to be seen.
    at: Option<String>,
}

/// `GET /`
pub async fn home(State(app): State<App>, CurrentUser { user, .. }: CurrentUser, Query(search): Query<Search>) -> Result<Response, Error> {
    let frame = sidebar::searched(&app, &user, None, &search.q).await?;
    html(&Home { frame, composer: composer::for_new(&app, &user).await? })
}

/// `GET /c/{id}`
pub async fn conversation(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Path(id): Path<String>,
    Query(stretch): Query<Stretch>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let mut thread = match &stretch.at {
        Some(message) => thread::read_at(&app, &user, &id, message).await?,
        None => thread::read(&app, &user, &id, stretch.before.as_deref()).await?,
    };
    if stretch.before.is_some() && wants_fragment(&headers) {
        return html(&TurnsFragment { earlier: thread.earlier, turns: thread.turns });
    }
    let frame = sidebar::frame(&app, &user, Some(&id)).await?;
    let running = thread.turns.last().is_some_and(|turn| turn.running.is_some());
    let composer = composer::for_conversation(&app, &user, &id, thread.model_id.as_deref(), running).await?;
    if composer.gone().is_some() {
        // Nobody answers here any more.
        for turn in &mut thread.turns {
            (turn.edit, turn.again) = (None, None);
        }
    }
    html(&ConversationPage {
        frame,
        composer,
        shared: thread.shared,
        last: thread.conversation.current_message_id,
        title: thread.conversation.title,
        summary: thread.summary,
        elsewhere: thread.elsewhere,
        earlier: thread.earlier,
        turns: thread.turns,
        id,
    })
}
