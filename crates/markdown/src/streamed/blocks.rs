//! Blocks: which are finished, and the rendering of the one that is not.
//!
//! A block at the top is closed for good when the next one has begun, so all but the last are finished, as soon as it
//! is certain that the last has begun: the line that is still being written may yet become something else.

use std::mem;

use comrak::Arena;
use comrak::nodes::{Node, NodeValue};

use super::open_code::OpenCode;
use super::references::References;
use super::{ending, half_open, lines};
use crate::code::Memo;
use crate::notes::Notes;
use crate::parse::{self, Steps};
use crate::write::{Writer, is_math};
use crate::{SafeHtml, after_writing};

/// What is kept from block to block.
#[derive(Debug)]
pub(super) struct Blocks {
    pub(super) writer: Writer,
    references: References,
    /// Whether some of the message is finished.
    is_begun: bool,
    /// What was last shown of a formula that is still open.
    formula: String,
    /// Bytes that the parser was given, all in all.
    pub(super) parsed: usize,
    /// What the last round cost besides the length of its text, as bytes of ordinary text.
    pub(super) extra: usize,
}

/// What came of one look at the unfinished text.
#[derive(Debug)]
pub(super) struct Round {
    pub(super) finished: Vec<SafeHtml>,
    /// How much of the text is finished.
    pub(super) taken: usize,
    pub(super) rest: Rest,
}

/// What stands behind the finished blocks.
#[derive(Debug)]
pub(super) enum Rest {
    /// This.
    Shown(SafeHtml),
    /// An open block of code, whose first line ends here.
    Code(Box<OpenCode>, usize),
}

/// A part of the text, parsed.
struct Parsed<'a> {
    root: Node<'a>,
    /// Blocks above this line are not of the text.
    first_line: usize,
    /// Where the lines of the text begin.
    beginnings: Vec<usize>,
}

impl<'a> Parsed<'a> {
    fn children(&self) -> Vec<Node<'a>> {
        self.root.children().filter(|child| child.data().sourcepos.start.line >= self.first_line).collect()
    }

    /// Where the line with this number begins.
    fn offset(&self, line: usize) -> usize {
        let end = self.beginnings.last().copied().unwrap_or_default();
        self.beginnings.get(line.saturating_sub(self.first_line)).copied().unwrap_or(end)
    }
}

impl Blocks {
    pub(super) fn new(id_prefix: String) -> Self {
        let mut writer = Writer::new(id_prefix);
        writer.notes = Some(Notes::default());
        writer.code.memo = Some(Memo::default());
        Self { writer, references: References::default(), is_begun: false, formula: String::new(), parsed: 0, extra: 0 }
    }

    /// Finishes what can be finished of `open`, `at_end` all of it, and renders what is left.
    pub(super) fn round(&mut self, open: &str, at_end: bool) -> Round {
        let whole = lines::whole(open);
        let last_line = &open[whole..];
        let looked_at = if at_end || ending::is_decided(last_line) { open.len() } else { whole };
        let text = &open[..looked_at];
        self.extra = 0;
        let arena = Arena::new();
        let parsed = self.parse(&arena, text);
        let children = parsed.children();
        let keep = if at_end { children.len() } else { first_kept(&children) };
        let taken = match (children.get(keep), keep.checked_sub(1).and_then(|last| children.get(last))) {
            (Some(kept), _) => parsed.offset(kept.data().sourcepos.start.line),
            (None, Some(last)) if !at_end => parsed.offset(last.data().sourcepos.end.line + 1),
            (None, None) if !at_end => 0,
            (None, _) => looked_at,
        };

        let mut finished = Vec::new();
        self.go_to_code(0);
        for (number, child) in children.iter().take(keep).enumerate() {
            self.writer.block(child, 1);
            let begin = parsed.offset(child.data().sourcepos.start.line);
            let end = children.get(number + 1).map_or(taken, |next| parsed.offset(next.data().sourcepos.start.line));
            let html = mem::take(&mut self.writer.out);
            if !html.is_empty() {
                finished.push(after_writing(html, text.get(begin..end).unwrap_or_default()));
            }
        }
        self.forget_code();
        if taken > 0 {
            self.is_begun = true;
            self.parsed += self.references.learn(&open[..taken]);
            self.formula.clear();
        }
        if at_end {
            return Round { finished, taken: open.len(), rest: Rest::Shown(SafeHtml::default()) };
        }
        if let [code] = children.get(keep..).unwrap_or_default()
            && let NodeValue::CodeBlock(block) = &code.data().value
            && block.fenced
            && !is_math(&block.info)
        {
            let first_line = parsed.offset(code.data().sourcepos.start.line + 1);
            let code = OpenCode::new(block, self.writer.code.longest());
            return Round { finished, taken, rest: Rest::Code(Box::new(code), first_line) };
        }
        let shown = if ending::is_held_back(last_line) { whole } else { open.len() };
        let rest = open.get(taken..shown).unwrap_or_default();
        let tail = if shown == looked_at {
            let kept = children.get(keep..).unwrap_or_default();
            let first_line = kept.first().map_or(0, |child| child.data().sourcepos.start.line);
            self.for_show(rest, |blocks| blocks.closed_tail(rest, &parsed, first_line, kept))
        } else {
            self.for_show(rest, |blocks| {
                let arena = Arena::new();
                let parsed = blocks.parse(&arena, rest);
                blocks.closed_tail(rest, &parsed, parsed.first_line, &parsed.children());
            })
        };
        Round { finished, taken, rest: Rest::Shown(tail) }
    }

    /// What `write` writes, and the notes behind it. Counts for nothing: it will be rendered again.
    fn for_show(&mut self, source: &str, write: impl FnOnce(&mut Self)) -> SafeHtml {
        let inserted = self.references.inserted();
        let budgets = (self.writer.code.highlighted_bytes_left, self.writer.math.clone(), self.writer.filled_cells_left);
        let notes = self.writer.notes.clone();
        write(self);
        if let Some(notes) = &self.writer.notes {
            notes.write(&mut self.writer.out, &self.writer.id_prefix);
            self.extra += notes.bytes();
        }
        let html = mem::take(&mut self.writer.out);
        // What is long is also sent.
        self.extra += html.len() / 4;
        self.writer.notes = notes;
        (self.writer.code.highlighted_bytes_left, self.writer.math, self.writer.filled_cells_left) = budgets;
        self.references.set_inserted(inserted);
        after_writing(html, source)
    }

    /// Writes what is not finished, as if what stands open at its end were closed.
    fn closed_tail(&mut self, text: &str, parsed: &Parsed<'_>, first_line: usize, children: &[Node<'_>]) {
        if children.is_empty() {
            return;
        }
        match half_open::closed(text, parsed.root, first_line, &mut self.formula) {
            Some(closed) => {
                let arena = Arena::new();
                let children = self.parse(&arena, &closed).children();
                self.write_all(&children);
            }
            None => self.write_all(children),
        }
    }

    fn write_all(&mut self, children: &[Node<'_>]) {
        self.go_to_code(0);
        for child in children {
            self.writer.block(child, 1);
        }
    }

    /// The notes of a message that is complete.
    pub(super) fn notes(&self) -> Option<SafeHtml> {
        let mut html = String::new();
        self.writer.notes.as_ref()?.write(&mut html, &self.writer.id_prefix);
        (!html.is_empty()).then(|| after_writing(html, ""))
    }

    fn parse<'a>(&mut self, arena: &'a Arena<'a>, text: &str) -> Parsed<'a> {
        let steps = Steps::of(text);
        let before = self.before(text);
        self.parsed += before.len() + text.len();
        self.extra += steps.as_bytes() + before.len();
        let known = self.references.lookup();
        let root = if before.is_empty() {
            parse::parse_part(arena, text, &steps, known)
        } else {
            parse::parse_part(arena, &format!("{before}{text}"), &steps, known)
        };
        let first_line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        Parsed { root, first_line, beginnings: lines::beginnings(text) }
    }

    /// What must stand before a part of a message so that its footnotes are found. Their words come last, so a mark is
    /// one as soon as it looks like one.
    fn before(&self, text: &str) -> String {
        let mut before = String::new();
        let mut names: Vec<&str> =
            text.match_indices("[^").filter_map(|(at, _)| text[at + 2..].split_once(']').map(|(name, _)| name)).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            let plain = name.len() <= 100 && !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
            if plain && (is_like_a_note(name) || self.writer.notes.as_ref().is_some_and(|notes| notes.defines(name))) {
                before.push_str("[^");
                before.push_str(name);
                before.push_str("]: .\n\n");
            }
        }
        // A block that ends on its line keeps what follows apart; a mark of byte order is dropped only at the beginning.
        if !before.is_empty() || (self.is_begun && text.starts_with('\u{FEFF}')) {
            before.push_str("<!-- -->\n");
        }
        before
    }

    fn go_to_code(&mut self, number: usize) {
        if let Some(memo) = &mut self.writer.code.memo {
            memo.go_to(number);
        }
    }

    fn forget_code(&mut self) {
        if let Some(memo) = &mut self.writer.code.memo {
            let count = memo.at();
            memo.forget(count);
        }
    }
}

/// The first of the blocks that are not finished yet.
fn first_kept(children: &[Node<'_>]) -> usize {
    let Some((last, before)) = children.split_last() else {
        return 0;
    };
    let data = last.data();
    match &data.value {
        NodeValue::CodeBlock(block) if block.fenced && block.closed => children.len(),
        // The head of a table may have been the last line of a paragraph; alone, that line could begin something else.
        NodeValue::Table(_) => {
            let goes_on = before.last().is_some_and(|before| {
                let before = before.data();
                matches!(before.value, NodeValue::Paragraph) && before.sourcepos.end.line + 1 >= data.sourcepos.start.line
            });
            before.len() - usize::from(goes_on)
        }
        _ => before.len(),
    }
}

/// Whether `[^name]` is more likely a footnote than an expression's class of characters.
fn is_like_a_note(name: &str) -> bool {
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    name.chars().all(|c| c.is_ascii_digit()) || (letters >= 4 && !name.contains("a-z") && !name.contains("A-Z"))
}

#[cfg(test)]
const fn assert_send<T: Send>() {}
#[cfg(test)]
const _: () = assert_send::<super::Streamed>();
