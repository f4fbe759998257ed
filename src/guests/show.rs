//! What a guest's page shows.

use askama::Template;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};

use super::seat::Seat;
use crate::app::App;
use crate::assistants::pages::Portrait;
use crate::assistants::version::{Face, mark};
use crate::conversations::thread::{self, Turn};
// Named by the template of a message.
use crate::conversations::view::Part;
use crate::error::Error;
use crate::http::headers;
use crate::pages::view::html;

#[derive(Template)]
#[template(path = "guests/chat.html")]
struct ChatPage {
    name: String,
    mark: String,
    picture: Option<String>,
    description: String,
    starters: Vec<String>,
    base: String,
    /// An editor tries it, in a frame beside the form.
    tries: bool,
    has_chat: bool,
    running: bool,
    last: Option<String>,
    earlier: Option<String>,
    turns: Vec<Turn>,
}

impl ChatPage {
    fn portrait(&self) -> Portrait {
        Portrait { mark: self.mark.clone(), picture: self.picture.clone() }
    }
}

/// Leaves of a turn what a guest may see and do: no addresses of a member's conversation, and nothing that tells what was
/// read by the model.
pub fn dress(turns: &mut [Turn]) {
    for turn in turns {
        turn.branch = None;
        turn.edit = None;
        turn.again = None;
        turn.usage = None;
        if let Some(problem) = &mut turn.problem {
            problem.retry = None;
        }
    }
}

/// The page of this seat; `picture` is where the assistant's picture is.
pub async fn page(app: &App, seat: &Seat, face: Face, picture: Option<String>) -> Result<Response, Error> {
    let (mut turns, last) = match &seat.conversation_id {
        Some(id) => {
            let thread = thread::read(app, &seat.guest, id, None).await?;
            (thread.turns, thread.conversation.current_message_id)
        }
        None => (Vec::new(), None),
    };
    dress(&mut turns);
    let page = html(&ChatPage {
        mark: mark(&face.name, &face.emoji),
        name: face.name,
        picture,
        description: face.description,
        starters: face.starters,
        base: seat.base.clone(),
        tries: seat.session_id.is_some(),
        has_chat: seat.conversation_id.is_some(),
        running: turns.last().is_some_and(|turn| turn.running.is_some()),
        last,
        earlier: None,
        turns,
    })?;
    let framed = [
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(headers::FRAMED_CHAT)),
        (HeaderName::from_static("x-frame-options"), HeaderValue::from_static("SAMEORIGIN")),
    ];
    Ok((framed, page).into_response())
}
