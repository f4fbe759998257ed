//! A message that is still being written: what is finished is rendered once, only the end is rendered again.
//!
//! Every byte is parsed and rendered a bounded number of times on the average, whatever the text: the last block is
//! rendered again only when it grew by a part of its length, and code line by line. What is held back for it comes with
//! the updates that follow.

mod blocks;
mod ending;
mod half_open;
mod lines;
mod marks;
mod open_code;
mod references;

#[cfg(test)]
mod cost;
#[cfg(test)]
mod documents;

use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};

use blocks::{Blocks, Rest};
use open_code::OpenCode;

use crate::limits::{CATCH_UP_BYTES, MESSAGE_BYTES, PLAIN_PIECE_BYTES, RENDERINGS_OF_A_BYTE, UPDATE_BYTES};
use crate::{Options, SafeHtml, after_writing, plain};

/// A text that grows, and its rendering so far. What is shown at any moment is the finished blocks followed by the
/// tail.
///
/// Formatting that is still open at the end is shown as if it were closed, and a line of which there is nothing but
/// marks is not shown yet; [`finish`](Self::finish) ends that.
#[derive(Debug)]
pub struct Streamed {
    /// What is behind the finished blocks and, of a block of code, not yet taken.
    open: String,
    /// Length of the whole text.
    pushed: usize,
    blocks: Blocks,
    state: State,
    /// In [`State::Blocks`] what stands behind the finished blocks.
    tail: SafeHtml,
    /// Whether `tail` shows all of `open`.
    is_shown: bool,
    /// Work that is owed to the text, in bytes.
    credit: usize,
}

#[derive(Debug)]
enum State {
    Blocks,
    Code(Box<OpenCode>),
    /// The text is too long, or a parser gave up on it: the current piece of what is shown as it is.
    Plain(String),
}

/// What changed on the page since the last [`Streamed::update`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    /// Blocks that are finished now, in order: each takes its place behind the finished ones before it, and the first
    /// of them takes the tail's place.
    pub finished: Vec<SafeHtml>,
    /// What stands behind the finished blocks now; never [`Tail::Same`] or [`Tail::MoreCode`] when some are new.
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

/// What one update gathers.
#[derive(Default)]
struct Changes {
    finished: Vec<SafeHtml>,
    is_whole: bool,
    more: String,
    /// The source of `more`.
    source: String,
}

impl Streamed {
    /// Nothing yet.
    pub fn new(options: &Options<'_>) -> Self {
        Self {
            open: String::new(),
            pushed: 0,
            blocks: Blocks::new(options.safe_id_prefix()),
            state: State::Blocks,
            tail: SafeHtml::default(),
            is_shown: true,
            credit: 0,
        }
    }

    /// More of the text. Costs nothing; [`update`](Self::update) renders.
    pub fn push(&mut self, more: &str) {
        self.open.push_str(more);
        self.pushed = self.pushed.saturating_add(more.len());
        self.credit = self.credit.saturating_add(more.len().saturating_mul(RENDERINGS_OF_A_BYTE));
        self.is_shown = self.is_shown && more.is_empty();
    }

    /// Renders what changed. While a long block is open this may show nothing new until it has grown a little more;
    /// updates without new text show the rest in time.
    pub fn update(&mut self) -> Update {
        self.credit = self.credit.saturating_add(UPDATE_BYTES);
        let mut changes = Changes::default();
        self.advance(false, &mut changes);
        let tail = if changes.is_whole || !changes.finished.is_empty() {
            Tail::Whole(self.tail())
        } else if changes.more.is_empty() {
            Tail::Same
        } else {
            Tail::MoreCode(after_writing(changes.more, &changes.source))
        };
        Update { finished: changes.finished, tail }
    }

    /// An update for when no text came for a while: shows more of what was held back than others do.
    pub fn catch_up(&mut self) -> Update {
        self.credit = self.credit.saturating_add(CATCH_UP_BYTES);
        self.update()
    }

    /// Whether some of the text is held back.
    pub fn is_behind(&self) -> bool {
        matches!(self.state, State::Blocks) && !self.is_shown && !self.open.is_empty()
    }

    /// The text is complete: everything is finished, exactly as it stands, and the tail is empty. What is shown then is
    /// what [`render_with`](crate::render_with) gives for the whole text, but for what the README lists.
    pub fn finish(mut self) -> Update {
        let mut changes = Changes::default();
        self.advance(true, &mut changes);
        changes.finished.extend(self.blocks.notes());
        Update { finished: changes.finished, tail: Tail::Whole(SafeHtml::default()) }
    }

    /// The whole tail as it stands after the last [`update`](Self::update), for somebody who comes late.
    pub fn tail(&self) -> SafeHtml {
        match &self.state {
            State::Blocks => self.tail.clone(),
            State::Code(code) => after_writing(code.shown(), ""),
            State::Plain(text) if text.is_empty() => SafeHtml::default(),
            State::Plain(text) => after_writing(plain::write(text), text),
        }
    }

    fn advance(&mut self, at_end: bool, changes: &mut Changes) {
        if self.pushed > MESSAGE_BYTES && !matches!(self.state, State::Plain(_)) {
            self.give_up(changes);
        }
        loop {
            match mem::replace(&mut self.state, State::Blocks) {
                State::Blocks => {
                    if !self.round(at_end, changes) {
                        return;
                    }
                }
                State::Code(mut code) => {
                    let (taken, closed) = code.take(&self.open, at_end, &mut self.blocks.writer.code, &mut changes.more);
                    changes.source.push_str(&self.open[..taken]);
                    self.open.drain(..taken);
                    if !closed && !at_end {
                        self.state = State::Code(code);
                        return;
                    }
                    self.finish_code(*code, changes);
                }
                State::Plain(text) => {
                    self.plain(text, at_end, changes);
                    return;
                }
            }
        }
    }

    /// Looks at the unfinished text, if it is worth it; `true` if there is more to do.
    fn round(&mut self, at_end: bool, changes: &mut Changes) -> bool {
        let cost = self.open.len().saturating_add(self.blocks.extra);
        if self.open.is_empty() || (self.is_shown && !at_end) || (self.credit < cost && !at_end) {
            return false;
        }
        // A defect in a parser must cost the message its markup, not its reader the rest of it.
        let round = catch_unwind(AssertUnwindSafe(|| self.blocks.round(&self.open, at_end)));
        let Ok(round) = round else {
            self.state = State::Plain(String::new());
            changes.is_whole = true;
            return true;
        };
        self.credit = self.credit.saturating_sub(cost).min(cost);
        changes.finished.extend(round.finished);
        match round.rest {
            Rest::Shown(tail) => {
                self.open.drain(..round.taken);
                self.is_shown = true;
                changes.is_whole |= self.tail != tail;
                self.tail = tail;
                false
            }
            Rest::Code(code, begin) => {
                self.open.drain(..begin);
                self.state = State::Code(code);
                self.tail = SafeHtml::default();
                changes.is_whole = true;
                true
            }
        }
    }

    fn finish_code(&mut self, code: OpenCode, changes: &mut Changes) {
        let (html, source) = code.finished(&mut self.blocks.writer.code);
        changes.finished.push(after_writing(html, &source));
        changes.is_whole = true;
        self.is_shown = false;
    }

    /// The text has become too long to be rendered: what is finished stays, the rest is shown as it is.
    fn give_up(&mut self, changes: &mut Changes) {
        changes.is_whole = true;
        if let State::Code(code) = mem::replace(&mut self.state, State::Plain(String::new())) {
            self.finish_code(*code, changes);
            return;
        }
        let whole = lines::whole(&self.open);
        if whole > 2 * MESSAGE_BYTES {
            return;
        }
        if let Ok(round) = catch_unwind(AssertUnwindSafe(|| self.blocks.round(&self.open[..whole], true))) {
            changes.finished.extend(round.finished);
            self.open.drain(..whole);
        }
    }

    /// Shows text as it is, in blocks of a bounded length.
    fn plain(&mut self, mut text: String, at_end: bool, changes: &mut Changes) {
        let end = if at_end { self.open.len() } else { lines::separable(&self.open) };
        let mut taken = 0;
        while taken < end {
            let mut next = end.min(taken + (PLAIN_PIECE_BYTES - text.len()));
            while !self.open.is_char_boundary(next) {
                next += 1;
            }
            let piece = &self.open[taken..next];
            changes.is_whole |= text.is_empty();
            plain::piece(&mut changes.more, piece);
            changes.source.push_str(piece);
            text.push_str(piece);
            taken = next;
            if text.len() >= PLAIN_PIECE_BYTES {
                changes.finished.push(after_writing(plain::write(&text), &text));
                text.clear();
            }
        }
        self.open.drain(..taken);
        if at_end && !text.is_empty() {
            changes.finished.push(after_writing(plain::write(&text), &text));
            text.clear();
        }
        self.state = State::Plain(text);
    }
}
