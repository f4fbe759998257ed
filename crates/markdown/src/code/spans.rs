//! Writes classified code: neighbours of one class share a span, and text without a class has none.

use super::class::Class;
use crate::escape::{self, Place};

/// Collects pieces of code in order.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Spans {
    open: Option<Class>,
}

impl Spans {
    /// Appends a piece. Blanks join whatever is open: they show no colour, and so cost no markup.
    pub(super) fn push(&mut self, out: &mut String, class: Option<Class>, text: &str) {
        if text.is_empty() {
            return;
        }
        if class != self.open && !text.bytes().all(|byte| byte.is_ascii_whitespace()) {
            self.close(out);
            self.open = class;
            self.reopen(out);
        }
        escape::text(out, text, Place::Exact);
    }

    /// Opens again what is open, for a piece that must stand by itself.
    pub(super) fn reopen(self, out: &mut String) {
        if let Some(class) = self.open {
            out.push_str("<span class=\"");
            out.push_str(class.name());
            out.push_str("\">");
        }
    }

    /// Closes what is open. To be called at the end.
    pub(super) fn close(&mut self, out: &mut String) {
        if self.open.take().is_some() {
            out.push_str("</span>");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_merge_and_blanks_join() {
        let mut out = String::new();
        let mut spans = Spans::default();
        spans.push(&mut out, Some(Class::Keyword), "pub");
        spans.push(&mut out, None, " ");
        spans.push(&mut out, Some(Class::Keyword), "fn");
        spans.push(&mut out, None, " a<b>");
        spans.push(&mut out, Some(Class::String), "\"c\"");
        spans.close(&mut out);
        assert_eq!(out, "<span class=\"k\">pub fn</span> a&lt;b&gt;<span class=\"s\">\"c\"</span>");
    }
}
