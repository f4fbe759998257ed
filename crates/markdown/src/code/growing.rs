//! Code that grows: every line is highlighted once.

use std::time::Duration;

use super::diff;
use super::highlight::Highlighter;
use super::languages::{self, Language};
use super::spans::Spans;

/// The inside of one block of code, from its first line on.
#[derive(Debug, Clone)]
pub(crate) struct GrowingCode {
    how: How,
    spans: Spans,
}

#[derive(Debug, Clone)]
enum How {
    Plain,
    Diff,
    Grammar(Box<Highlighter>),
}

impl GrowingCode {
    /// Nothing yet, in the language of this name; `None` for one that is not highlighted.
    pub(super) fn highlighted(name: &str) -> Option<Self> {
        let how = match languages::find(name)? {
            Language::Diff => How::Diff,
            Language::Grammar(grammar) => How::Grammar(Box::new(Highlighter::new(grammar)?)),
        };
        Some(Self { how, spans: Spans::default() })
    }

    /// Nothing yet, in no language.
    pub(crate) fn plain() -> Self {
        Self { how: How::Plain, spans: Spans::default() }
    }

    /// Whether text may be written in any pieces, not only in lines.
    pub(crate) fn is_plain(&self) -> bool {
        matches!(self.how, How::Plain)
    }

    /// From here on without classes.
    pub(crate) fn become_plain(&mut self) {
        self.how = How::Plain;
    }

    /// Writes whole lines; only the last of all may lack its end.
    pub(crate) fn lines(&mut self, out: &mut String, code: &str, time_left: &mut Duration) {
        match &mut self.how {
            How::Plain => self.spans.push(out, None, code),
            How::Diff => diff::lines(out, &mut self.spans, code),
            How::Grammar(highlighter) => highlighter.lines(out, &mut self.spans, code, time_left),
        }
    }

    /// Writes a piece without classes.
    pub(crate) fn piece(&mut self, out: &mut String, code: &str) {
        self.spans.push(out, None, code);
    }

    /// Closes what is open in `out`, which is a copy: this goes on.
    pub(crate) fn closed(&self, out: &mut String) {
        let mut spans = self.spans;
        spans.close(out);
    }

    /// Opens what is open, in a piece that will stand by itself.
    pub(crate) fn reopen(&self, out: &mut String) {
        self.spans.reopen(out);
    }
}
