//! Every cap of the crate, in one place. The README repeats them.

use std::time::Duration;

/// A longer text is shown as plain text.
pub(crate) const MESSAGE_BYTES: usize = 1 << 20;

/// Deeper nodes of the syntax tree become text. html5ever is quadratic in depth: 20,000 levels cost 1.4 s.
pub(crate) const TREE_DEPTH: usize = 100;

/// A longer code block is shown without highlighting (fancy-regex needs about 2.7 ms for a KiB).
pub(crate) const HIGHLIGHTED_BLOCK_BYTES: usize = 64 << 10;

/// Code of one message that is highlighted; later blocks are shown without.
pub(crate) const HIGHLIGHTED_MESSAGE_BYTES: usize = 256 << 10;

/// A longer line is shown without highlighting, and the next one goes on: grammars backtrack within a line, by
/// default up to a million steps for each expression at each position.
pub(crate) const HIGHLIGHTED_LINE_BYTES: usize = 300;

/// Time that highlighting may take in one message, looked at after each line; then the rest is shown without. Sizes
/// alone are no bound: 300 bytes of `a-a-a-…` cost the grammar of Less 0.5 s where ordinary code costs 1 ms.
pub(crate) const HIGHLIGHT_TIME: Duration = Duration::from_secs(1);

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

/// Steps that the search for alerts may take in runs of `>`. Each `>` of a run looks at the rest of the run; above
/// this, alerts are ordinary quotes in the message.
pub(crate) const QUOTE_RUN_STEPS: usize = 20_000_000;

/// A text above [`MESSAGE_BYTES`] that is still being written is shown in plain blocks of this size.
pub(crate) const PLAIN_PIECE_BYTES: usize = 64 << 10;

/// How often the end of a text that is still being written may be rendered again: on the average every byte this
/// many times, whatever the text.
pub(crate) const RENDERINGS_OF_A_BYTE: usize = 32;

/// A rendering that was not owed to new text: what an update may spend in any case.
pub(crate) const UPDATE_BYTES: usize = 256;
/// And each that catches up while the text pauses.
pub(crate) const CATCH_UP_BYTES: usize = 64 << 10;

/// A block whose end is half open is looked at for open marks only up to this length.
pub(crate) const HALF_OPEN_BYTES: usize = 8 << 10;
