//! Every cap of the crate, in one place. The README repeats them.

/// A longer text is shown as plain text.
pub(crate) const MESSAGE_BYTES: usize = 1 << 20;

/// Deeper nodes of the syntax tree become text. html5ever is quadratic in depth: 20,000 levels cost 1.4 s.
pub(crate) const TREE_DEPTH: usize = 100;

/// A longer code block is shown without highlighting (fancy-regex needs about 2.7 ms for a KiB).
pub(crate) const HIGHLIGHTED_BLOCK_BYTES: usize = 64 << 10;

/// Code of one message that is highlighted; later blocks are shown without.
pub(crate) const HIGHLIGHTED_MESSAGE_BYTES: usize = 256 << 10;

/// From the first longer line on, a code block is shown without highlighting: grammars backtrack within a line.
pub(crate) const HIGHLIGHTED_LINE_BYTES: usize = 2 << 10;

/// Characters of a fence's language that are shown.
pub(crate) const LANGUAGE_CHARS: usize = 32;

/// A longer formula is shown as its source.
pub(crate) const FORMULA_BYTES: usize = 8 << 10;

/// A deeper formula is shown as its source: katex-rs recurses, and overflows a 2 MiB stack near 400 levels.
pub(crate) const FORMULA_DEPTH: usize = 50;

/// Formulas of one message that are typeset, by source length; later ones are shown as their source.
pub(crate) const FORMULAS_BYTES: usize = 128 << 10;

/// Formulas of one message that are typeset, by number.
pub(crate) const FORMULAS: usize = 2_000;

/// Cells of one message that a row left out and that are still written as empty ones. A short row may be
/// followed by thousands of them.
pub(crate) const FILLED_CELLS: usize = 10_000;

/// Backslashes that the search for the ends of `\(` and `\[` may look at. Each unclosed opener looks at all
/// that follow; above this, `\(` and `\[` are ordinary text in the message.
pub(crate) const LATEX_DELIMITER_STEPS: usize = 4_000_000;

/// Links back from one footnote to its references.
pub(crate) const BACK_LINKS: u32 = 20;

/// Characters of an address that is shown as a hint because it can't be a link.
pub(crate) const HINT_CHARS: usize = 200;
