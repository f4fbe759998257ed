//! Code blocks: the frame around them, and which of them are highlighted.

mod class;
mod diff;
mod growing;
mod highlight;
mod languages;
mod memo;
mod scopes;
mod spans;

pub(crate) use class::CLASSES;
pub(crate) use growing::GrowingCode;
pub(crate) use memo::Memo;

use crate::escape::{self, Place};
use crate::limits::{HIGHLIGHT_TIME, HIGHLIGHTED_BLOCK_BYTES, HIGHLIGHTED_MESSAGE_BYTES, LANGUAGE_CHARS};
use std::time::Duration;

/// Writes the code blocks of one message.
#[derive(Debug)]
pub(crate) struct CodeWriter {
    pub(crate) highlighted_bytes_left: usize,
    pub(crate) time_left: Duration,
    /// For a text that grows.
    pub(crate) memo: Option<Memo>,
}

impl Default for CodeWriter {
    fn default() -> Self {
        CodeWriter { highlighted_bytes_left: HIGHLIGHTED_MESSAGE_BYTES, time_left: HIGHLIGHT_TIME, memo: None }
    }
}

impl CodeWriter {
    /// Writes one block; `info` is what stands behind the opening fence.
    pub(crate) fn write(&mut self, out: &mut String, info: &str, literal: &str) {
        let name = language_name(info);
        open_block(out, name);
        match GrowingCode::highlighted(name) {
            Some(mut code) if self.may_highlight(literal) => {
                if let Some(memo) = &mut self.memo {
                    memo.write(out, name, code, literal, &mut self.time_left);
                } else {
                    code.lines(out, literal, &mut self.time_left);
                    code.closed(out);
                }
            }
            _ => escape::text(out, literal, Place::Exact),
        }
        close_block(out);
    }

    /// Whether this block is highlighted; one that is counts.
    pub(crate) fn may_highlight(&mut self, literal: &str) -> bool {
        if literal.len() > HIGHLIGHTED_BLOCK_BYTES {
            return false;
        }
        match self.highlighted_bytes_left.checked_sub(literal.len()) {
            Some(left) => {
                self.highlighted_bytes_left = left;
                true
            }
            None => false,
        }
    }

    /// The longest block that would be highlighted now.
    pub(crate) fn longest(&self) -> usize {
        self.highlighted_bytes_left.min(HIGHLIGHTED_BLOCK_BYTES)
    }

    /// Begins a block whose end is not known yet, and says how its inside is to be written.
    pub(crate) fn begin(out: &mut String, info: &str) -> GrowingCode {
        let name = language_name(info);
        open_block(out, name);
        GrowingCode::highlighted(name).unwrap_or_else(GrowingCode::plain)
    }
}

/// Writes text as a code block without a language.
pub(crate) fn plain_block(out: &mut String, literal: &str) {
    open_block(out, "");
    escape::text(out, literal, Place::Exact);
    close_block(out);
}

fn open_block(out: &mut String, name: &str) {
    out.push_str("<div class=\"code\" dir=\"ltr\"><header><span>");
    match name.char_indices().nth(LANGUAGE_CHARS) {
        Some((cut, _)) => {
            escape::text(out, &name[..cut], Place::Exact);
            out.push('…');
        }
        None => escape::text(out, name, Place::Exact),
    }
    out.push_str("</span></header><pre tabindex=\"0\"><code>");
}

/// Ends the frame of a block.
pub(crate) fn close_block(out: &mut String) {
    out.push_str("</code></pre></div>\n");
}

/// The language of an info string: its first word, as in ```` ```rust,ignore ```` or ```` ```{.python} ````.
fn language_name(info: &str) -> &str {
    info.trim_start_matches(['{', '.', ' ', '\t'])
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '{' | '}' | ':' | ';'))
        .next()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(info: &str, literal: &str) -> String {
        let mut out = String::new();
        CodeWriter::default().write(&mut out, info, literal);
        out
    }

    #[test]
    fn the_language_is_the_first_word() {
        for (info, name) in [
            ("rust", "rust"),
            ("rust,ignore", "rust"),
            ("{.python .numberLines}", "python"),
            ("js title=\"a.js\"", "js"),
            ("c++", "c++"),
            ("ts:src/a.ts", "ts"),
            ("", ""),
        ] {
            assert_eq!(language_name(info), name);
        }
    }

    #[test]
    fn the_frame_is_the_same_with_and_without_a_language() {
        let framed = "<div class=\"code\" dir=\"ltr\"><header><span></span></header>\
                      <pre tabindex=\"0\"><code>a &lt; b\n</code></pre></div>\n";
        assert_eq!(written("", "a < b\n"), framed);
        assert_eq!(written("klingon", "a < b\n"), framed.replace("<span>", "<span>klingon"));
    }

    #[test]
    fn a_hostile_language_is_short_escaped_text() {
        let name = format!("\"><script>alert(1)</script>{}", "x".repeat(1000));
        let html = written(&name, "a");
        assert!(html.contains("<span>\"&gt;&lt;script&gt;alert(1)&lt;/script&gt;xxxxx…</span>"), "{html}");
        assert!(html.len() < 300);
    }

    #[test]
    fn long_code_is_shown_whole_without_highlighting() {
        let short = "let a = 1;\n".repeat(100);
        assert!(written("rust", &short).contains("class=\"k\""));
        let long = "let a = 1;\n".repeat(HIGHLIGHTED_BLOCK_BYTES / 11 + 1);
        assert!(written("rust", &long).ends_with(&format!("<code>{long}</code></pre></div>\n")));
    }

    #[test]
    fn highlighting_ends_with_its_time_and_loses_nothing() {
        let mut out = String::new();
        CodeWriter { time_left: Duration::ZERO, ..CodeWriter::default() }.write(&mut out, "rust", "fn a() {}\n");
        assert!(out.contains("<code>fn a() {}\n</code>"), "{out}");
    }

    #[test]
    fn a_message_highlights_only_so_much() {
        let block = "let a = 1;\n".repeat(HIGHLIGHTED_BLOCK_BYTES / 11);
        let mut writer = CodeWriter { time_left: Duration::MAX, ..CodeWriter::default() };
        let mut highlighted = 0;
        for _ in 0..6 {
            let mut out = String::new();
            writer.write(&mut out, "rust", &block);
            highlighted += usize::from(out.contains("class=\"k\""));
        }
        assert_eq!(highlighted, 4);
    }
}
