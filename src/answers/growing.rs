//! A rendering that grows, and how far a window has come in it.

use std::sync::Arc;

use takeback_markdown::{Options, Streamed, Tail, Update};

use super::show;

/// Finished blocks go to a window that lacks many in events of about this size, so that a slow one is never owed more
/// at once.
const STEP_BYTES: usize = 64 << 10;

/// The text of one kind that an answer consists of.
#[derive(Debug)]
pub(super) struct Growing {
    streamed: Streamed,
    finished: Vec<Arc<str>>,
    /// Counts the tails; code that was added to one is in `code`.
    generation: u64,
    code: String,
}

impl Growing {
    pub(super) fn new(id_prefix: &str) -> Self {
        Self { streamed: Streamed::new(&Options { id_prefix }), finished: Vec::new(), generation: 0, code: String::new() }
    }

    pub(super) fn add(&mut self, more: &str) {
        self.streamed.push(more);
        let update = self.streamed.update();
        self.take(update);
    }

    /// Whether some of the text isn't rendered yet.
    pub(super) fn is_behind(&self) -> bool {
        self.streamed.is_behind()
    }

    /// Renders more of what was held back.
    pub(super) fn catch_up(&mut self) {
        let update = self.streamed.catch_up();
        self.take(update);
    }

    fn take(&mut self, update: Update) {
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

    /// All of it, for a page that is drawn now.
    pub(super) fn now(&self) -> show::Live {
        show::Live { finished: self.finished.concat(), tail: self.streamed.tail().into_string() }
    }

    /// The place of such a page.
    pub(super) fn end(&self) -> Spot {
        // Its tail is taken anew: what a page was drawn with may have grown until its window asks.
        Spot { finished: self.finished.len(), generation: None, code: 0 }
    }

    /// What a window at `spot` lacks; moves the spot behind it. What is left out for its size comes with the next call.
    pub(super) fn since(&self, spot: &mut Spot) -> Option<More> {
        // A window that is ahead saw more of it on the server that writes it; what it saw is on its way to here.
        let lacking = self.finished.get(spot.finished..)?;
        let mut bytes = 0;
        let fits = |block: &&Arc<str>| {
            let fits = bytes < STEP_BYTES;
            bytes += block.len();
            fits
        };
        let finished: Vec<Arc<str>> = lacking.iter().take_while(fits).cloned().collect();
        let mut more = More { finished, tail: None, code: None };
        if more.finished.len() < lacking.len() {
            *spot = Spot { finished: spot.finished + more.finished.len(), generation: None, code: 0 };
            return Some(more);
        }
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
    /// In what the model thought.
    pub reasoning: Spot,
    /// In the answer.
    pub text: Spot,
}

/// How far it has come in one rendering.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spot {
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
