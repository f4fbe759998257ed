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
    /// An editor tries it, in a frame beside the form: `None`.
    visit: Option<Visit>,
    /// The link's last segment, for doors that lead back.
    back: String,
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

/// Who came by a link, and what they are told.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The owner's name, if the link says it.
    pub by: Option<String>,
    /// They have an account here, and are signed in.
    pub member: bool,
    /// They, or somebody at this browser, talked here as a guest.
    pub was_here: bool,
    /// They may make an account.
    pub sign_up: bool,
    /// After so many days without use a guest's chat is deleted.
    pub days: i64,
    /// It stands in a frame: what it may load, and which sites may show it.
    pub frames: Option<HeaderValue>,
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

/// The page of this seat; `picture` is where the assistant's picture is, and `visit` who came by a link.
pub async fn page(app: &App, seat: &Seat, face: Face, picture: Option<String>, visit: Option<Visit>) -> Result<Response, Error> {
    let (mut turns, last) = match &seat.conversation_id {
        Some(id) => {
            let thread = thread::read(app, &seat.guest, id, None).await?;
            (thread.turns, thread.conversation.current_message_id)
        }
        None => (Vec::new(), None),
    };
    dress(&mut turns);
    let visit_frames = visit.as_ref().map(|visit| visit.frames.clone());
    let page = html(&ChatPage {
        mark: mark(&face.name, &face.emoji),
        name: face.name,
        picture,
        description: face.description,
        starters: face.starters,
        base: seat.base.clone(),
        visit,
        back: askama::filters::urlencode_strict(&seat.base).map(|path| path.to_string()).unwrap_or_default(),
        has_chat: seat.conversation_id.is_some(),
        running: turns.last().is_some_and(|turn| turn.running.is_some()),
        last,
        earlier: None,
        turns,
    })?;
    match visit_frames {
        Some(Some(policy)) => return Ok((headers::in_frames(policy), [(headers::X_ROBOTS_TAG, headers::NOINDEX)], page).into_response()),
        Some(None) => {
            let alone = [(CONTENT_SECURITY_POLICY, HeaderValue::from_static(headers::SHARED)), (headers::X_ROBOTS_TAG, headers::NOINDEX)];
            return Ok((alone, page).into_response());
        }
        None => (),
    }
    let framed = [
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(headers::FRAMED_CHAT)),
        (HeaderName::from_static("x-frame-options"), HeaderValue::from_static("SAMEORIGIN")),
    ];
    Ok((framed, page).into_response())
}
