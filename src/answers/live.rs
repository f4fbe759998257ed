//! Running answers as they look right now, and the windows that watch them.
//!
//! Nothing is sent from here: a window keeps its place in the rendering ([`Place`]), and after each change asks what it
//! lacks. So a slow window costs nothing, and one that comes late or comes back lacks nothing and gets nothing twice.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::growing::{Growing, More, Place};
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
    /// The answer that is being written.
    pub answer: Option<Arc<Live>>,
    /// The end of its current branch, as far as that changed since the channel is open.
    pub leaf: Option<Arc<str>>,
    /// The title that it got since the channel is open.
    pub title: Option<Arc<str>>,
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

    /// What a page shows of an answer that is being written. Of one that is written on another server it is nothing yet:
    /// the page's window gets it.
    pub fn shown(&self, conversation_id: &str, message_id: &str) -> show::Running {
        let answer = self.find(conversation_id).and_then(|channel| channel.state().answer);
        let here = answer.filter(|answer| answer.message_id == message_id);
        here.unwrap_or_else(|| Arc::new(Live::new(message_id, ""))).now()
    }

    /// The conversations that have a channel, with it.
    pub fn all(&self) -> Vec<(String, Arc<Channel>)> {
        let known = lock(&self.0);
        known.iter().filter_map(|(id, channel)| Some((id.clone(), channel.upgrade()?))).collect()
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

    /// An answer begins: here, or on another server, whose words are read as they are written down. The windows see it
    /// with their next look; [`Self::tell`] has them look.
    pub fn begin(&self, answer: &Arc<Live>) {
        let mut state = lock(&self.state);
        state.leaf = Some(answer.message_id.as_str().into());
        state.answer = Some(Arc::clone(answer));
    }

    /// It is over and stored.
    pub fn end(&self, answer: &Arc<Live>) {
        lock(&answer.shown).ended = true;
        // Windows that follow it hold it themselves.
        self.change(|state| state.answer = state.answer.take().filter(|other| !Arc::ptr_eq(other, answer)));
    }

    /// Tells the windows that there is something new.
    pub fn tell(&self) {
        self.changed.send_replace(());
    }

    /// Whether any window looks.
    pub fn is_watched(&self) -> bool {
        self.changed.receiver_count() > 0
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

    /// Whether some of it isn't rendered yet: in a long list or table that is open, a part waits for more.
    pub fn is_behind(&self) -> bool {
        let shown = lock(&self.shown);
        shown.reasoning.is_behind() || shown.text.is_behind()
    }

    /// Renders more of what waits.
    pub fn catch_up(&self) {
        let Shown { reasoning, text, .. } = &mut *lock(&self.shown);
        for part in [reasoning, text].into_iter().filter(|part| part.is_behind()) {
            part.catch_up();
        }
    }

    /// Whether it is over.
    pub fn ended(&self) -> bool {
        lock(&self.shown).ended
    }

    /// What a page that is drawn now shows.
    pub fn now(&self) -> show::Running {
        let shown = lock(&self.shown);
        let have = Place { reasoning: shown.reasoning.end(), text: shown.text.end() };
        show::Running { have: have.to_text(&self.message_id), reasoning: shown.reasoning.now(), text: shown.text.now() }
    }

    /// What a window at `place` lacks; moves the place behind it.
    pub fn since(&self, place: &mut Place) -> (Option<More>, Option<More>) {
        let shown = lock(&self.shown);
        (shown.reasoning.since(&mut place.reasoning), shown.text.since(&mut place.text))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
