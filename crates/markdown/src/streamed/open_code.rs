//! A fenced block of code that is still open: its lines are written once, as they come.

use std::mem;

use comrak::nodes::NodeCodeBlock;

use super::lines;
use crate::code::{CodeWriter, GrowingCode, close_block};
use crate::limits::HIGHLIGHTED_LINE_BYTES;

/// The block so far.
#[derive(Debug)]
pub(super) struct OpenCode {
    fence: u8,
    fence_length: usize,
    /// How far the fence was indented: so much of each line's indentation does not belong to the code.
    indent: usize,
    info: String,
    literal: String,
    code: GrowingCode,
    head: String,
    /// What was written of `literal`; a span may be open at its end.
    html: String,
    written: usize,
    /// The last line is written in pieces, and its end has not come yet.
    in_line: bool,
    /// Above this length it will not have been highlighted.
    longest: usize,
}

impl OpenCode {
    /// Behind the line with the opening fence.
    pub(super) fn new(block: &NodeCodeBlock, longest: usize) -> Self {
        let mut head = String::new();
        let code = CodeWriter::begin(&mut head, &block.info);
        Self {
            fence: block.fence_char,
            fence_length: block.fence_length,
            indent: block.fence_offset,
            info: block.info.clone(),
            literal: String::new(),
            code,
            head,
            html: String::new(),
            written: 0,
            in_line: false,
            longest,
        }
    }

    /// Takes what it can of `open`, `at_end` all of it. Appends to `more` what goes to the end of the code, balanced by
    /// itself, and says how much was taken and whether the closing fence was among it.
    pub(super) fn take(&mut self, open: &str, at_end: bool, writer: &mut CodeWriter, more: &mut String) -> (usize, bool) {
        let before = self.html.len();
        let mut begin = String::new();
        self.code.reopen(&mut begin);
        let (taken, closed) = self.take_lines(open, at_end, writer);
        let new = &self.html[before..];
        if !new.is_empty() {
            // What only closes what was open needs nothing opened.
            match new.strip_prefix("</span>") {
                Some(rest) if !begin.is_empty() => more.push_str(rest),
                _ => {
                    more.push_str(&begin);
                    more.push_str(new);
                }
            }
            self.code.closed(more);
        }
        (taken, closed)
    }

    fn take_lines(&mut self, open: &str, at_end: bool, writer: &mut CodeWriter) -> (usize, bool) {
        let whole = if at_end { open.len() } else { lines::whole(open) };
        let mut taken = 0;
        let mut closed = false;
        while taken < whole && !closed {
            let line = lines::first(&open[taken..whole]);
            taken += line.len();
            if mem::take(&mut self.in_line) {
                self.literal.push_str(line);
                self.write_piece();
            } else if self.is_closing(line) {
                closed = true;
            } else {
                self.push_line(line);
            }
        }
        let upto = if at_end || closed { self.literal.len() } else { self.literal.rfind('\n').map_or(0, |at| at + 1) };
        self.write_lines(upto, writer);
        if taken == whole && !closed {
            taken += self.take_piece(&open[taken..]);
        }
        (taken, closed)
    }

    /// The beginning of a line that will not be highlighted, or more of it.
    fn take_piece(&mut self, line: &str) -> usize {
        let may_close = line.trim_start_matches(' ').bytes().all(|byte| byte == self.fence || matches!(byte, b' ' | b'\t' | b'\r'));
        let is_long = line.len() > HIGHLIGHTED_LINE_BYTES + self.indent;
        if self.written < self.literal.len() || (!self.in_line && (may_close || !(self.code.is_plain() || is_long))) {
            return 0;
        }
        let length = lines::separable(line);
        if self.in_line {
            self.literal.push_str(&line[..length]);
        } else if line[..length].trim().is_empty() {
            return 0;
        } else {
            self.push_line(&line[..length]);
        }
        self.in_line = true;
        self.write_piece();
        length
    }

    /// Without what the fence was indented by, as the parser counts it.
    fn push_line(&mut self, line: &str) {
        let bytes = line.as_bytes();
        let (mut at, mut column, mut in_tab) = (0, 0, false);
        for _ in 0..self.indent {
            match bytes.get(at) {
                Some(b' ') => at += 1,
                Some(b'\t') => {
                    in_tab = column % 4 != 3;
                    at += usize::from(!in_tab);
                }
                _ => break,
            }
            column += 1;
        }
        if in_tab {
            at += 1;
            self.literal.extend(std::iter::repeat_n(' ', 4 - column % 4));
        }
        self.literal.push_str(line.get(at..).unwrap_or_default());
    }

    fn write_lines(&mut self, upto: usize, writer: &mut CodeWriter) {
        if self.literal.len() > self.longest {
            self.code.become_plain();
        }
        if let Some(new) = self.literal.get(self.written..upto) {
            self.code.lines(&mut self.html, new, &mut writer.time_left);
            self.written = upto;
        }
    }

    fn write_piece(&mut self) {
        if let Some(new) = self.literal.get(self.written..) {
            self.code.piece(&mut self.html, new);
            self.written = self.literal.len();
        }
    }

    fn is_closing(&self, line: &str) -> bool {
        let rest = line.trim_start_matches(' ');
        let run = rest.bytes().take_while(|byte| *byte == self.fence).count();
        line.len() - rest.len() <= 3
            && run >= self.fence_length
            && rest[run..].bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
    }

    /// The block as it stands, with a frame.
    pub(super) fn shown(&self) -> String {
        let mut html = String::with_capacity(self.head.len() + self.html.len() + 64);
        html.push_str(&self.head);
        html.push_str(&self.html);
        self.code.closed(&mut html);
        close_block(&mut html);
        html
    }

    /// The finished block, and its source.
    pub(super) fn finished(self, writer: &mut CodeWriter) -> (String, String) {
        let highlighted = self.literal.len() <= self.longest && !self.code.is_plain();
        if highlighted && writer.may_highlight(&self.literal) {
            return (self.shown(), self.literal);
        }
        let mut html = String::new();
        CodeWriter::begin(&mut html, &self.info);
        GrowingCode::plain().piece(&mut html, &self.literal);
        close_block(&mut html);
        (html, self.literal)
    }
}
