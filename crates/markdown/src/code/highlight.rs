//! Highlighting with the grammars of syntect and two-face.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use syntect::parsing::{ClearAmount, ParseState, ScopeStackOp, SyntaxSet};

use super::class::Class;
use super::scopes::{Meaning, Meanings};
use super::spans::Spans;
use crate::limits::HIGHLIGHTED_LINE_BYTES;

/// Loaded when the first code is highlighted, so that a server that shows none stays small.
static GRAMMARS: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

/// Code in the language of one grammar, line after line.
#[derive(Debug, Clone)]
pub(super) struct Highlighter {
    state: ParseState,
    nesting: Nesting,
    gave_up: bool,
}

impl Highlighter {
    /// At the beginning of a text, in the language whose grammar has this name.
    pub(super) fn new(grammar: &str) -> Option<Self> {
        let syntax = GRAMMARS.find_syntax_by_name(grammar)?;
        Some(Self { state: ParseState::new(syntax), nesting: Nesting::default(), gave_up: false })
    }

    /// Writes whole lines; only the last of all may lack its end. Very long lines are written without classes, and so
    /// is all that follows when the time is up or the grammar gives up. The clock is the crate's only look outside: no
    /// other bound holds for expressions that backtrack.
    pub(super) fn lines(&mut self, out: &mut String, spans: &mut Spans, code: &str, time_left: &mut Duration) {
        let begin = Instant::now();
        let mut rest = code;
        while !rest.is_empty() && !self.gave_up {
            if begin.elapsed() >= *time_left {
                self.gave_up = true;
                break;
            }
            let end = rest.find('\n').map_or(rest.len(), |at| at + 1);
            let (line, after) = rest.split_at(end);
            if line.len() > HIGHLIGHTED_LINE_BYTES {
                spans.push(out, None, line);
                rest = after;
                continue;
            }
            let Ok(changes) = self.state.parse_line(line, &GRAMMARS) else {
                self.gave_up = true;
                break;
            };
            let mut written = 0;
            for (at, change) in changes {
                // The grammar's positions are trusted to be ordered, not more.
                if at > written
                    && let Some(piece) = line.get(written..at)
                {
                    spans.push(out, self.nesting.class(), piece);
                    written = at;
                }
                self.nesting.apply(&change);
            }
            spans.push(out, self.nesting.class(), line.get(written..).unwrap_or_default());
            rest = after;
        }
        spans.push(out, None, rest);
        *time_left = time_left.saturating_sub(begin.elapsed());
    }
}

/// Whether there is a grammar of this name.
#[cfg(test)]
pub(super) fn exists(grammar: &str) -> bool {
    GRAMMARS.find_syntax_by_name(grammar).is_some()
}

/// The scopes around the current position, each as the class that text in it has.
#[derive(Debug, Clone, Default)]
struct Nesting {
    meanings: Meanings,
    levels: Vec<Level>,
    cleared: Vec<Vec<Level>>,
}

#[derive(Debug, Clone, Copy)]
struct Level {
    class: Option<Class>,
    in_key: bool,
}

impl Nesting {
    fn class(&self) -> Option<Class> {
        self.levels.last().and_then(|level| level.class)
    }

    fn apply(&mut self, change: &ScopeStackOp) {
        match change {
            ScopeStackOp::Push(scope) => {
                let around = self.levels.last().copied().unwrap_or(Level { class: None, in_key: false });
                let level = match self.meanings.of(*scope) {
                    Meaning::Inherit => around,
                    Meaning::Plain => Level { class: None, in_key: false },
                    Meaning::Key => Level { in_key: true, ..around },
                    Meaning::Is(Class::String) if around.in_key => Level { class: Some(Class::Attribute), ..around },
                    Meaning::Is(class) => Level { class: Some(class), ..around },
                };
                self.levels.push(level);
            }
            ScopeStackOp::Pop(count) => self.levels.truncate(self.levels.len().saturating_sub(*count)),
            ScopeStackOp::Clear(amount) => {
                let keep = match amount {
                    ClearAmount::TopN(count) => self.levels.len().saturating_sub(*count),
                    ClearAmount::All => 0,
                };
                self.cleared.push(self.levels.split_off(keep));
            }
            ScopeStackOp::Restore => self.levels.extend(self.cleared.pop().unwrap_or_default()),
            ScopeStackOp::Noop => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn highlighted(code: &str, grammar: &str) -> String {
        let mut out = String::new();
        let mut spans = Spans::default();
        Highlighter::new(grammar).unwrap().lines(&mut out, &mut spans, code, &mut { Duration::MAX });
        spans.close(&mut out);
        out
    }

    #[test]
    fn code_is_classified() {
        assert_eq!(
            highlighted("fn a() -> u8 { 1 } // b<\n", "Rust"),
            "<span class=\"k\">fn </span><span class=\"f\">a</span>() -&gt; <span class=\"k\">u8 </span>{ \
             <span class=\"n\">1 </span>} <span class=\"c\">// b&lt;\n</span>"
        );
    }

    #[test]
    fn keys_differ_from_values() {
        assert_eq!(
            highlighted("{\"a\": \"b\", \"c\": null}\n", "JSON"),
            "{<span class=\"a\">\"a\"</span>: <span class=\"s\">\"b\"</span>, \
             <span class=\"a\">\"c\"</span>: <span class=\"n\">null</span>}\n"
        );
    }

    #[test]
    fn a_very_long_line_is_shown_without_classes() {
        let long = "x".repeat(HIGHLIGHTED_LINE_BYTES + 1);
        let html = highlighted(&format!("fn a() {{}}\n{long}\nfn b() {{}}\n"), "Rust");
        let after = "<span class=\"k\">fn </span><span class=\"f\">b</span>() {}\n";
        assert!(html.ends_with(&format!("{{}}\n{long}\n{after}")), "{html}");
    }
}
