//! Running answers as they look right now, and the windows that watch them.
//!
//! Nothing is sent from here: a window keeps its place in the rendering ([`Place`]), and after each change asks what it
//! lacks. So a slow window costs nothing, and one that comes late or comes back lacks nothing and gets nothing twice.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use takeback_markdown::{Options, Streamed, Tail};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::show;

/// The conversations that have a running answer or an open window, by id.
#[derive(Debug, Default)]
pub struct Registry(Mutex<HashMap<String, Weak<Channel>>>);

/// What the windows of one conversation have in common.
#[derive(Debug)]
pub struct Channel {
    state: Mutex<State>,
    changed: watch::Sender<()>,
}

/// How a conversation stands.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// The answer that is being written, or was the last one to be.
    pub answer: Option<Arc<Live>>,
    /// The title that it got since the channel is open.
    pub title: Option<String>,
    /// It was deleted.
    pub gone: bool,
}

impl Registry {
    /// The conversation's channel; made if there is none. It lives as long as somebody holds it.
    pub fn channel(&self, conversation_id: &str) -> Arc<Channel> {
        let mut known = lock(&self.0);
        if let Some(channel) = known.get(conversation_id).and_then(Weak::upgrade) {
            return channel;
        }
        // Grown to twice what is alive: time to forget the others.
        if known.len() == known.capacity() {
            known.retain(|_, channel| channel.strong_count() > 0);
        }
        let channel = Arc::new(Channel { state: Mutex::default(), changed: watch::Sender::new(()) });
        known.insert(conversation_id.to_owned(), Arc::downgrade(&channel));
        channel
    }

    /// The conversation's channel, if anybody holds it.
    pub fn find(&self, conversation_id: &str) -> Option<Arc<Channel>> {
        lock(&self.0).get(conversation_id).and_then(Weak::upgrade)
    }

    /// The running answer with this id.
    pub fn running(&self, conversation_id: &str, message_id: &str) -> Option<Arc<Live>> {
        let answer = self.find(conversation_id)?.state().answer?;
        (answer.message_id == message_id && !answer.ended()).then_some(answer)
    }
}

impl Channel {
    /// How the conversation stands.
    pub fn state(&self) -> State {
        lock(&self.state).clone()
    }

    /// Changes it and tells the windows.
    pub fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut lock(&self.state));
        self.tell();
    }

    /// Tells the windows that there is something new.
    pub fn tell(&self) {
        self.changed.send_replace(());
    }

    /// Done whenever there is something new.
    pub fn watch(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }
}

/// An answer that is being written.
#[derive(Debug)]
pub struct Live {
    /// `msg_…`
    pub message_id: String,
    /// The message that it answers.
    pub parent_id: String,
    /// Ends it.
    pub stop: CancellationToken,
    shown: Mutex<Shown>,
}

/// What is on the page of it.
#[derive(Debug)]
struct Shown {
    reasoning: Growing,
    text: Growing,
    ended: bool,
}

impl Live {
    /// Nothing of it is there yet.
    pub fn new(message_id: &str, parent_id: &str) -> Self {
        let growing = |part: &str| Growing::new(&format!("{message_id}-{part}-"));
        let shown = Shown { reasoning: growing("r"), text: growing("0"), ended: false };
        Self {
            message_id: message_id.to_owned(),
            parent_id: parent_id.to_owned(),
            stop: CancellationToken::new(),
            shown: Mutex::new(shown),
        }
    }

    /// Renders what arrived.
    pub fn add(&self, reasoning: &str, text: &str) {
        let mut shown = lock(&self.shown);
        if !reasoning.is_empty() {
            shown.reasoning.add(reasoning);
        }
        if !text.is_empty() {
            shown.text.add(text);
        }
    }

    /// It is over and stored.
    pub fn end(&self) {
        lock(&self.shown).ended = true;
    }

    /// Whether it is over.
    pub fn ended(&self) -> bool {
        lock(&self.shown).ended
    }

    /// What a page that is drawn now shows.
    pub fn now(&self) -> show::Running {
        let shown = lock(&self.shown);
        let live = |growing: &Growing| show::Live { finished: growing.finished.concat(), tail: growing.streamed.tail().into_string() };
        let have = Place { reasoning: shown.reasoning.end(), text: shown.text.end() };
        show::Running { have: have.to_text(&self.message_id), reasoning: live(&shown.reasoning), text: live(&shown.text) }
    }

    /// What a window at `place` lacks; moves the place behind it.
    pub fn since(&self, place: &mut Place) -> (Option<More>, Option<More>) {
        let shown = lock(&self.shown);
        (shown.reasoning.since(&mut place.reasoning), shown.text.since(&mut place.text))
    }
}

/// A rendering that grows.
#[derive(Debug)]
struct Growing {
    streamed: Streamed,
    finished: Vec<Arc<str>>,
    /// Counts the tails; code that was added to one is in `code`.
    generation: u64,
    code: String,
}

impl Growing {
    fn new(id_prefix: &str) -> Self {
        Self { streamed: Streamed::new(&Options { id_prefix }), finished: Vec::new(), generation: 0, code: String::new() }
    }

    fn add(&mut self, more: &str) {
        self.streamed.push(more);
        let update = self.streamed.update();
        let other_tail = !update.finished.is_empty();
        self.finished.extend(update.finished.into_iter().map(|block| Arc::from(block.as_str())));
        match update.tail {
            Tail::MoreCode(code) if !other_tail => self.code.push_str(code.as_str()),
            Tail::Same if !other_tail => {}
            _ => {
                self.generation += 1;
                self.code.clear();
            }
        }
    }

    /// The place of a page that shows everything.
    fn end(&self) -> Spot {
        // Its tail is taken anew: what a page was drawn with may have grown until its window asks.
        Spot { finished: self.finished.len(), generation: None, code: 0 }
    }

    fn since(&self, spot: &mut Spot) -> Option<More> {
        let finished = self.finished.get(spot.finished..).unwrap_or_default().to_vec();
        let mut more = More { finished, tail: None, code: None };
        if spot.generation != Some(self.generation) {
            more.tail = Some(self.streamed.tail().into_string());
        } else if let Some(code) = self.code.get(spot.code..).filter(|code| !code.is_empty()) {
            more.code = Some(code.to_owned());
        } else {
            return None;
        }
        *spot = Spot { finished: self.finished.len(), generation: Some(self.generation), code: self.code.len() };
        Some(more)
    }
}

/// What a window lacks of a rendering.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct More {
    /// Finished blocks, to be put behind those before.
    pub finished: Vec<Arc<str>>,
    /// In place of the whole tail.
    pub tail: Option<String>,
    /// For the end of the tail's open block of code.
    pub code: Option<String>,
}

/// How far a window has come in an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    reasoning: Spot,
    text: Spot,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Spot {
    finished: usize,
    /// `None`: the window says which finished blocks it has, but not which tail.
    generation: Option<u64>,
    code: usize,
}

impl Place {
    /// `msg_x.R.T`: the message, and the numbers of finished blocks of reasoning and text.
    pub fn to_text(self, message_id: &str) -> String {
        format!("{message_id}.{}.{}", self.reasoning.finished, self.text.finished)
    }

    /// Reads it; `None` if it is none.
    pub fn parse(text: &str) -> Option<(&str, Self)> {
        let mut parts = text.split('.');
        let (message_id, reasoning, finished) = (parts.next()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        let spot = |finished| Spot { finished, generation: None, code: 0 };
        Some((message_id, Self { reasoning: spot(reasoning), text: spot(finished) }))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
