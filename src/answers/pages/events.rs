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
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::watch;
use tracing::debug;

use crate::accounts::user::User;
use crate::answers::growing::{More, Place};
use crate::answers::live::{Channel, Live};
use crate::answers::watch::Line;
use crate::answers::{self, store};
use crate::app::App;
use crate::conversations::conversation::Conversation;
use crate::conversations::{self, branch, thread};
use crate::error::Error;
use crate::guests;
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
    CurrentUser { user, session_id }: CurrentUser,
    Path(id): Path<String>,
    Query(has): Query<Has>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Error> {
    line(app, user, Listener::Member { session_id }, id, has, &headers).await
}

/// Who listens, and what ends their line besides the conversation's end.
#[derive(Debug)]
pub enum Listener {
    /// A person with a session.
    Member {
        /// It.
        session_id: String,
    },
    /// A guest.
    Guest(guests::Ear),
}

/// The line of one window.
///
/// # Errors
/// [`Error::NotFound`] unless `user` owns the conversation.
pub async fn line(
    app: App,
    user: User,
    listener: Listener,
    id: String,
    has: Has,
    headers: &HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>> + use<>>, Error> {
    // Before the first question, so that nothing gets lost between it and the first look.
    let channel = app.answers.channel(&id);
    let changed = channel.watch();
    let (line, ear) = match listener {
        Listener::Member { session_id } => (Some(app.watch.open_window(&session_id)), None),
        Listener::Guest(ear) => (ear.session_id.as_deref().map(|session_id| app.watch.open_window(session_id)), Some(ear)),
    };
    let title = channel.state().title;
    let conversation = conversations::store::owned(&mut *app.db.read().await?, &user.id, &id).await?;
    // A line that was cut says by itself how far it came.
    let again = headers.get("last-event-id").and_then(|id| id.to_str().ok()).map(str::to_owned);
    let mut window = Window {
        _leaves: ear.as_ref().map(|ear| ear.leaves(&app, &user, &id)),
        title,
        // A page has its last message whole, if it doesn't say otherwise.
        known: has.last.clone(),
        leaf: has.last.or(conversation.current_message_id.clone()),
        app,
        user,
        conversation_id: id,
        channel,
        changed,
        line,
        ear,
        following: None,
        ready: VecDeque::new(),
        over: false,
    };
    window.begin(again.or(has.have).as_deref(), &conversation).await?;
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
    line: Option<Arc<Line>>,
    /// Of a guest: what is asked before anything is told.
    ear: Option<guests::Ear>,
    _leaves: Option<guests::Leaves>,
    following: Option<(Arc<Live>, Place)>,
    /// The answer that it knows of, running or not.
    known: Option<String>,
    /// The message that its page ends with.
    leaf: Option<String>,
    title: Option<Arc<str>>,
    ready: VecDeque<Event>,
    over: bool,
}

impl Window {
    /// Finds out what the window lacks from before.
    async fn begin(&mut self, have: Option<&str>, conversation: &Conversation) -> Result<(), Error> {
        // Models and other windows give titles while nobody listens.
        self.named(&conversation.title)?;
        if let Some((message_id, place)) = have.and_then(Place::parse) {
            let here = self.channel.state().answer.filter(|answer| answer.message_id == message_id);
            match here {
                Some(answer) => self.following = Some((answer, place)),
                None => self.elsewhere(message_id, place).await?,
            }
            self.known = Some(message_id.to_owned());
        }
        if self.leaf != conversation.current_message_id {
            self.ready.push_back(event("stale", &json!({}))?);
            self.leaf.clone_from(&conversation.current_message_id);
        }
        Ok(())
    }

    /// The window has a part of an answer that isn't written here: it has ended, or another server writes it.
    async fn elsewhere(&mut self, message_id: &str, place: Place) -> Result<(), Error> {
        let mut tx = self.app.db.read().await?;
        let running = store::running(&mut tx, &self.conversation_id).await?;
        if running.as_deref() != Some(message_id) {
            drop(tx);
            return self.end_of(message_id).await;
        }
        let parent_id = branch::parent(&mut tx, &self.conversation_id, message_id).await?.unwrap_or_default();
        drop(tx);
        self.following = Some((answers::follow::follow(&self.app, &self.channel, message_id, &parent_id), place));
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
            match self.look().await {
                Ok(()) => (),
                // Deleted while it was looked at.
                Err(Error::NotFound) => self.gone().ok()?,
                Err(error) => {
                    // The browser comes again, and says what it has.
                    debug!(%error, "a window's line ends");
                    return None;
                }
            }
            if self.ready.is_empty() && !self.over {
                tokio::select! {
                    changed = self.changed.changed() => changed.ok()?,
                    () = closed(self.line.as_ref()) => return None,
                    () = guests::ear::a_while(self.ear.is_some()) => (),
                    () = self.app.shutdown.cancelled() => return None,
                }
            }
        }
    }

    /// Finds out what happened since the last look.
    async fn look(&mut self) -> Result<(), Error> {
        if self.line.as_ref().is_some_and(|line| line.closed.is_cancelled()) {
            self.over = true;
            return Ok(());
        }
        if let Some(ear) = &mut self.ear
            && !ear.may_hear(&self.app).await?
        {
            return self.gone();
        }
        let state = self.channel.state();
        if state.gone {
            return self.gone();
        }
        if let Some(answer) = state.answer.filter(|answer| self.known.as_deref() != Some(answer.message_id.as_str())) {
            // Another one begins only when the one before has ended.
            if let Some((before, _)) = self.following.take() {
                Box::pin(self.end_of(&before.message_id)).await?;
            }
            // In a box, like every question to the database: an open window carries no room for it.
            Box::pin(self.said(&answer)).await?;
        }
        self.catch_up().await?;
        if let Some(leaf) = state.leaf.filter(|leaf| self.leaf.as_deref() != Some(leaf)) {
            self.ready.push_back(event("stale", &json!({}))?);
            self.leaf = Some((*leaf).to_owned());
        }
        if state.title != self.title {
            self.title.clone_from(&state.title);
            self.named(&state.title.unwrap_or_default())?;
        }
        Ok(())
    }

    /// The conversation's title; a guest's page is called like its assistant.
    fn named(&mut self, title: &str) -> Result<(), Error> {
        if self.ear.is_none() {
            self.ready.push_back(event("title", &json!({"title": title}))?);
        }
        Ok(())
    }

    /// The conversation was deleted: the last that is told.
    fn gone(&mut self) -> Result<(), Error> {
        self.over = true;
        self.ready.push_back(event("gone", &json!({}))?);
        Ok(())
    }

    /// What the followed answer said since.
    async fn catch_up(&mut self) -> Result<(), Error> {
        let Some((answer, place)) = &mut self.following else { return Ok(()) };
        // Asked before: an answer that ends between the two questions is seen to have ended the next time.
        let ended = answer.ended();
        let mut after = *place;
        let (reasoning, text) = answer.since(&mut after);
        // The line may be cut between the two: each says how far the window has come with it.
        place.reasoning = after.reasoning;
        for (part, more, place) in [("reasoning", reasoning, *place), ("text", text, after)] {
            if let Some(more) = more {
                self.ready.push_back(said_more(&answer.message_id, &place.to_text(&answer.message_id), part, &more)?);
            }
        }
        *place = after;
        if ended && let Some((answer, _)) = self.following.take() {
            Box::pin(self.end_of(&answer.message_id)).await?;
        }
        Ok(())
    }

    /// New turns, from the question on.
    async fn said(&mut self, answer: &Arc<Live>) -> Result<(), Error> {
        self.known = Some(answer.message_id.clone());
        let (turns, before) = thread::read_from(&self.app, &self.user, &self.conversation_id, &answer.parent_id).await?;
        let last = turns.last().filter(|turn| turn.message.anchor == answer.message_id);
        let Some(last) = last else {
            // The branch was switched meanwhile, which is told by itself.
            return Ok(());
        };
        let place = last.running.as_ref().and_then(|running| Place::parse(&running.have)).map(|(_, place)| place);
        self.ready.push_back(event("said", &json!({"before": before, "html": self.markup(turns)?}))?);
        self.leaf = Some(answer.message_id.clone());
        match place {
            Some(place) => self.following = Some((Arc::clone(answer), place)),
            // It has ended already. A row that the page got meanwhile from elsewhere may not know it.
            None => self.end_of(&answer.message_id).await?,
        }
        Ok(())
    }

    /// Turns as this window shows them.
    fn markup(&self, mut turns: Vec<thread::Turn>) -> Result<String, Error> {
        if self.ear.is_some() {
            guests::show::dress(&mut turns);
        }
        super::markup(turns)
    }

    /// The row of an answer that has ended.
    async fn end_of(&mut self, message_id: &str) -> Result<(), Error> {
        let turns = thread::read_one(&self.app, &self.user, &self.conversation_id, message_id).await?;
        // Running: its end could not be stored, and is told when its words have been taken up.
        if turns.iter().any(|turn| turn.running.is_none()) {
            self.ready.push_back(event("end", &json!({"message": message_id, "html": self.markup(turns)?}))?);
        }
        Ok(())
    }
}

/// Done when the window's session ends.
async fn closed(line: Option<&Arc<Line>>) {
    match line {
        Some(line) => line.closed.cancelled().await,
        None => std::future::pending().await,
    }
}

/// What stands in a `more` event.
#[derive(Serialize)]
struct Data<'a> {
    message: &'a str,
    part: &'a str,
    finished: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tail: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
}

fn said_more(message_id: &str, id: &str, part: &str, more: &More) -> Result<Event, Error> {
    let finished = more.finished.iter().map(|block| &**block).collect();
    let data = Data { message: message_id, part, finished, tail: more.tail.as_deref(), code: more.code.as_deref() };
    Ok(event("more", &data)?.id(id))
}

fn event(name: &str, data: &impl Serialize) -> Result<Event, Error> {
    Ok(Event::default().event(name).data(serde_json::to_string(data)?))
}
