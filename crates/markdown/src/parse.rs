//! Markdown to a syntax tree: which extensions are on, and what must be looked at before parsing.

use std::sync::Arc;

use comrak::nodes::Node;
use comrak::options::BrokenLinkCallback;
use comrak::{Arena, Options};

use crate::limits::{LATEX_DELIMITER_STEPS, QUOTE_RUN_STEPS};

/// Parses one message.
pub(crate) fn parse<'a>(arena: &'a Arena<'a>, markdown: &str) -> Node<'a> {
    comrak::parse_document(arena, markdown, &options(&Steps::of(markdown)))
}

/// Parses a part of a message: addresses that it refers to may be known from before, and footnotes stay where they are.
pub(crate) fn parse_part<'a>(
    arena: &'a Arena<'a>,
    markdown: &str,
    steps: &Steps,
    known: Option<Arc<dyn BrokenLinkCallback + 'static>>,
) -> Node<'a> {
    let mut options = options(steps);
    options.parse.leave_footnote_definitions = true;
    options.parse.broken_link_callback = known;
    comrak::parse_document(arena, markdown, &options)
}

fn options<'c>(steps: &Steps) -> Options<'c> {
    let mut options = Options::default();
    let extension = &mut options.extension;
    extension.strikethrough = true;
    extension.table = true;
    extension.autolink = true;
    extension.tasklist = true;
    extension.footnotes = true;
    extension.alerts = steps.quote_runs <= QUOTE_RUN_STEPS;
    extension.cjk_friendly_emphasis = true;
    extension.math_dollars = true;
    extension.math_latex = steps.latex_delimiters <= LATEX_DELIMITER_STEPS;
    options
}

/// What the parser will do more than once for a text.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Steps {
    latex_delimiters: usize,
    quote_runs: usize,
}

impl Steps {
    pub(crate) fn of(markdown: &str) -> Self {
        Self { latex_delimiters: latex_delimiter_steps(markdown), quote_runs: quote_run_steps(markdown) }
    }

    /// All of them, as bytes of ordinary text that cost as much; those that are not allowed aren't taken.
    pub(crate) fn as_bytes(self) -> usize {
        let taken = |steps: usize, most: usize| if steps <= most { steps } else { 0 };
        (taken(self.latex_delimiters, LATEX_DELIMITER_STEPS) + taken(self.quote_runs, QUOTE_RUN_STEPS)) / 32
    }
}

/// How many backslashes the parser will look at to find the ends of all `\(` and `\[`.
///
/// It searches forward from each opener and forgets what it saw, so a text of nothing but openers is quadratic
/// (comrak 0.59). Counted over the whole text, which is never less than the blocks it works on.
fn latex_delimiter_steps(markdown: &str) -> usize {
    let bytes = markdown.as_bytes();
    let (mut since_paren, mut since_bracket) = (0usize, 0usize);
    let mut steps = 0usize;
    for pair in bytes.windows(2).rev() {
        if pair[0] != b'\\' {
            continue;
        }
        since_paren += 1;
        since_bracket += 1;
        match pair[1] {
            b')' => since_paren = 0,
            b']' => since_bracket = 0,
            b'(' => steps = steps.saturating_add(since_paren),
            b'[' => steps = steps.saturating_add(since_bracket),
            _ => {}
        }
    }
    steps
}

/// How many `>` the parser will look at to see whether a quote is an alert: from each of a run to the run's end
/// (comrak 0.59; 100,000 in a row cost 5 s).
fn quote_run_steps(markdown: &str) -> usize {
    let mut steps = 0usize;
    let mut run = 0usize;
    for byte in markdown.bytes() {
        run = if byte == b'>' { run + 1 } else { 0 };
        steps = steps.saturating_add(run);
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_quotes_cost_their_square() {
        assert_eq!(quote_run_steps("> a\n> b >> c"), 5);
        assert_eq!(quote_run_steps(&">".repeat(100)), 5050);
    }

    #[test]
    fn closed_delimiters_cost_their_own_length() {
        assert_eq!(latex_delimiter_steps(r"\(a\) and \[b\]"), 2);
        assert_eq!(latex_delimiter_steps(r"\(\alpha\)"), 2);
    }

    #[test]
    fn unclosed_delimiters_cost_all_that_follows() {
        assert_eq!(latex_delimiter_steps(&r"\(".repeat(100)), 5050);
    }
}
