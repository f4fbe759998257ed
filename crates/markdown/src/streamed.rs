//! A message that is still being written: what is finished is rendered once, only the end is rendered again.

use crate::{Options, SafeHtml, render_with};

/// A text that grows, and its rendering so far. What is shown at any moment is the finished blocks followed by the
/// tail.
#[derive(Debug)]
pub struct Streamed {
    text: String,
    id_prefix: String,
    tail: SafeHtml,
}

/// What changed on the page since the last [`Streamed::update`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    /// Blocks that are finished now, in order: each takes its place behind the finished ones before it, and the first
    /// of them takes the tail's place.
    pub finished: Vec<SafeHtml>,
    /// What stands behind the finished blocks now.
    pub tail: Tail,
}

/// How the tail changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tail {
    /// Not at all.
    Same,
    /// This takes the place of the whole tail; it may be empty.
    Whole(SafeHtml),
    /// The tail ends in an open block of code; this goes to the end of its `<code>`.
    MoreCode(SafeHtml),
}

impl Streamed {
    /// Nothing yet.
    pub fn new(options: &Options<'_>) -> Self {
        Self { text: String::new(), id_prefix: options.safe_id_prefix(), tail: SafeHtml::default() }
    }

    /// More of the text. Costs nothing; [`update`](Self::update) renders.
    pub fn push(&mut self, more: &str) {
        self.text.push_str(more);
    }

    /// Renders what changed.
    pub fn update(&mut self) -> Update {
        self.tail = render_with(&self.text, &Options { id_prefix: &self.id_prefix });
        Update { finished: Vec::new(), tail: Tail::Whole(self.tail.clone()) }
    }

    /// The whole tail as it stands after the last [`update`](Self::update), for somebody who comes late.
    pub fn tail(&self) -> SafeHtml {
        self.tail.clone()
    }
}
