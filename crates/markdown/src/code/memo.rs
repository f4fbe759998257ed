//! Highlighted code that is written again and again while the text around it grows.

use std::time::Duration;

use super::growing::GrowingCode;

/// The blocks of code of a text that grows at its end, in order.
#[derive(Debug, Default)]
pub(crate) struct Memo {
    blocks: Vec<Known>,
    next: usize,
}

#[derive(Debug)]
struct Known {
    name: String,
    /// Whole lines that were written.
    literal: String,
    html: String,
    code: GrowingCode,
}

impl Memo {
    /// The next block is the one with this number.
    pub(crate) fn go_to(&mut self, number: usize) {
        self.next = number;
    }

    /// The number of the next block.
    pub(crate) fn at(&self) -> usize {
        self.next
    }

    /// The first blocks won't come again; the next is the one behind them.
    pub(crate) fn forget(&mut self, count: usize) {
        self.blocks.drain(..count.min(self.blocks.len()));
        self.next = 0;
    }

    /// Writes the next block; only what it has more than the last time is highlighted.
    pub(super) fn write(&mut self, out: &mut String, name: &str, new: GrowingCode, literal: &str, time_left: &mut Duration) {
        let number = self.next.min(self.blocks.len());
        self.next = number + 1;
        match self.blocks.get_mut(number) {
            Some(known) if known.name == name && literal.starts_with(&known.literal) => {}
            Some(known) => *known = Known::new(name, new),
            None => self.blocks.push(Known::new(name, new)),
        }
        if let Some(known) = self.blocks.get_mut(number) {
            known.write(out, literal, time_left);
        }
    }
}

impl Known {
    fn new(name: &str, code: GrowingCode) -> Self {
        Self { name: name.to_owned(), literal: String::new(), html: String::new(), code }
    }

    fn write(&mut self, out: &mut String, literal: &str, time_left: &mut Duration) {
        let whole = literal.rfind('\n').map_or(0, |at| at + 1);
        if let Some(more) = literal.get(self.literal.len()..whole) {
            self.code.lines(&mut self.html, more, time_left);
            self.literal.push_str(more);
        }
        out.push_str(&self.html);
        let rest = literal.get(self.literal.len()..).unwrap_or_default();
        if rest.is_empty() {
            self.code.closed(out);
        } else {
            let mut code = self.code.clone();
            code.lines(out, rest, time_left);
            code.closed(out);
        }
    }
}
