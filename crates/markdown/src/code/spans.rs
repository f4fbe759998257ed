//! Writes classified code: neighbours of one class share a span, and text without a class has none.

use super::class::Class;
use crate::escape::{self, Place};

/// Collects pieces of code in order.
pub(super) struct Spans<'a> {
    out: &'a mut String,
    open: Option<Class>,
}

impl<'a> Spans<'a> {
    pub(super) fn new(out: &'a mut String) -> Self {
        Spans { out, open: None }
    }

    /// Appends a piece. Blanks join whatever is open: they show no colour, and so cost no markup.
    pub(super) fn push(&mut self, class: Option<Class>, text: &str) {
        if text.is_empty() {
            return;
        }
        if class != self.open && !text.bytes().all(|byte| byte.is_ascii_whitespace()) {
            self.close();
            if let Some(class) = class {
                self.out.push_str("<span class=\"");
                self.out.push_str(class.name());
                self.out.push_str("\">");
            }
            self.open = class;
        }
        escape::text(self.out, text, Place::Exact);
    }

    /// Closes what is open. To be called at the end.
    pub(super) fn close(&mut self) {
        if self.open.take().is_some() {
            self.out.push_str("</span>");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_merge_and_blanks_join() {
        let mut out = String::new();
        let mut spans = Spans::new(&mut out);
        spans.push(Some(Class::Keyword), "pub");
        spans.push(None, " ");
        spans.push(Some(Class::Keyword), "fn");
        spans.push(None, " a<b>");
        spans.push(Some(Class::String), "\"c\"");
        spans.close();
        assert_eq!(out, "<span class=\"k\">pub fn</span> a&lt;b&gt;<span class=\"s\">\"c\"</span>");
    }
}
