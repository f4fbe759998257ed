//! What a window with an open conversation is told, as server-sent events (WHATWG HTML, section 9.2).
//!
//! A window says what it has, and is sent what it lacks, however long it was away. Nothing is sent while nothing happens
//! but a comment now and then, which keeps proxies from cutting the line.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{self, Stream};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::watch;
use tracing::debug;

use super::markup;
use crate::accounts::user::User;
use crate::answers::live::{Channel, Live, More, Place};
use crate::answers::store;
use crate::app::App;
use crate::conversations::{self, thread};
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::http::extract::{Path, Query};

/// How often a quiet line says that it is still there.
const STILL_HERE: Duration = Duration::from_secs(25);

/// What the window has.
#[derive(Debug, Default, Deserialize)]
pub struct Has {
    /// `msg_x.R.T`, see [`Place`].
    have: Option<String>,
    /// The last message on the page.
    last: Option<String>,
}

/// `GET /c/{id}/events?have=&last=`
pub async fn follow(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Path(id): Path<String>,
    Query(has): Query<Has>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Error> {
    let channel = app.answers.channel(&id);
    let changed = channel.watch();
    let conversation = conversations::store::owned(&mut *app.db.read().await?, &user.id, &id).await?;
    // A line that was cut says by itself how far it came.
    let again = headers.get("last-event-id").and_then(|id| id.to_str().ok()).map(str::to_owned);
    let mut window = Window {
        title: channel.state().title,
        app,
        user,
        conversation_id: id,
        channel,
        changed,
        following: None,
        known: None,
        ready: VecDeque::new(),
        over: false,
    };
    window.begin(again.or(has.have).as_deref(), has.last.as_deref(), conversation.current_message_id.as_deref()).await?;
    let events = stream::unfold(window, |mut window| async move {
        let event = window.next().await?;
        Some((Ok(event), window))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(STILL_HERE)))
}

/// One open window.
struct Window {
    app: App,
    user: User,
    conversation_id: String,
    channel: Arc<Channel>,
    changed: watch::Receiver<()>,
    following: Option<(Arc<Live>, Place)>,
    /// The answer that it knows of, running or not.
    known: Option<String>,
    title: Option<String>,
    ready: VecDeque<Event>,
    over: bool,
}

impl Window {
    /// Finds out what the window lacks from before.
    async fn begin(&mut self, have: Option<&str>, last: Option<&str>, current: Option<&str>) -> Result<(), Error> {
        let have = have.and_then(Place::parse);
        let answer = self.channel.state().answer;
        if let Some((message_id, place)) = have {
            match answer.as_ref().filter(|answer| answer.message_id == message_id && !answer.ended()) {
                Some(answer) => self.following = Some((Arc::clone(answer), place)),
                None => self.end_of(message_id).await?,
            }
            self.known = Some(message_id.to_owned());
        }
        if last.is_some() && last != current {
            self.ready.push_back(event("stale", &json!({}))?);
        }
        if self.known.is_none() {
            // What ended before is on the page, and what runs is not: it began after the page was drawn.
            self.known = answer.filter(|answer| answer.ended()).map(|answer| answer.message_id.clone());
        }
        Ok(())
    }

    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            if self.over {
                return None;
            }
            self.changed.borrow_and_update();
            if let Err(error) = self.look().await {
                // The browser comes again, and says what it has.
                debug!(%error, "a window's line ends");
                return None;
            }
            if self.ready.is_empty() && !self.over {
                tokio::select! {
                    changed = self.changed.changed() => changed.ok()?,
                    () = self.app.shutdown.cancelled() => return None,
                }
            }
        }
    }

    /// Finds out what happened since the last look.
    async fn look(&mut self) -> Result<(), Error> {
        let state = self.channel.state();
        if state.gone {
            self.over = true;
            self.ready.push_back(event("gone", &json!({}))?);
            return Ok(());
        }
        if let Some(answer) = state.answer.filter(|answer| self.known.as_deref() != Some(answer.message_id.as_str())) {
            self.said(&answer).await?;
            self.known = Some(answer.message_id.clone());
        }
        if let Some((answer, mut place)) = self.following.take() {
            // Asked before: an answer that ends between the two questions is seen to have ended the next time.
            let ended = answer.ended();
            let (reasoning, text) = answer.since(&mut place);
            let id = place.to_text(&answer.message_id);
            for (part, more) in [("reasoning", reasoning), ("text", text)] {
                if let Some(more) = more {
                    self.ready.push_back(said_more(&answer.message_id, &id, part, &more)?);
                }
            }
            if ended {
                self.end_of(&answer.message_id).await?;
            } else {
                self.following = Some((answer, place));
            }
        }
        if state.title != self.title {
            self.title = state.title;
            self.ready.push_back(event("title", &json!({"title": self.title}))?);
        }
        Ok(())
    }

    /// New turns, from the question on.
    async fn said(&mut self, answer: &Arc<Live>) -> Result<(), Error> {
        let turns = thread::read_from(&self.app, &self.user, &self.conversation_id, &answer.parent_id).await?;
        let before = conversations::branch::parent(&mut *self.app.db.read().await?, &self.conversation_id, &answer.parent_id).await?;
        let place =
            turns.last().and_then(|turn| turn.running.as_ref()).and_then(|running| Place::parse(&running.have)).map(|(_, place)| place);
        self.ready.push_back(event("said", &json!({"before": before, "html": markup(turns)?}))?);
        if let Some(place) = place {
            self.following = Some((Arc::clone(answer), place));
        }
        Ok(())
    }

    /// The row of an answer that has ended.
    async fn end_of(&mut self, message_id: &str) -> Result<(), Error> {
        let known = store::of(&mut *self.app.db.read().await?, &[message_id]).await?;
        if known.get(message_id).is_none_or(store::Answer::is_running) {
            return Ok(());
        }
        let turns = thread::read_from(&self.app, &self.user, &self.conversation_id, message_id).await?;
        let turns = turns.into_iter().take(1).collect();
        self.ready.push_back(event("end", &json!({"message": message_id, "html": markup(turns)?}))?);
        Ok(())
    }
}

fn said_more(message_id: &str, id: &str, part: &str, more: &More) -> Result<Event, Error> {
    let mut data = json!({"message": message_id, "part": part, "finished": more.finished});
    for (key, value) in [("tail", &more.tail), ("code", &more.code)] {
        if let Some(value) = value {
            data[key] = value.as_str().into();
        }
    }
    Ok(event("more", &data)?.id(id))
}

fn event(name: &str, data: &serde_json::Value) -> Result<Event, Error> {
    Ok(Event::default().event(name).data(serde_json::to_string(data)?))
}
