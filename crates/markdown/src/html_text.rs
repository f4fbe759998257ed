//! Raw HTML, shown as the text it is.

use crate::escape::{self, Place};

/// A block of HTML: a paragraph of its source. Its lines are kept, so the class asks for `white-space: pre-wrap`.
pub(crate) fn block(out: &mut String, literal: &str) {
    out.push_str("<p class=\"raw-html\" dir=\"auto\">");
    escape::text(out, literal.trim_end_matches('\n'), Place::Prose);
    out.push_str("</p>\n");
}

/// HTML within a line. Models write `<br>` in table cells, where Markdown has no line break; there it is one.
pub(crate) fn inline(out: &mut String, literal: &str, in_cell: bool) {
    if in_cell && is_break(literal) {
        out.push_str("<br>");
    } else {
        escape::text(out, literal, Place::Prose);
    }
}

/// `<br>`, `<br/>` or `<br />`, in any case.
fn is_break(literal: &str) -> bool {
    let name = literal.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).unwrap_or_default();
    name.strip_suffix('/').unwrap_or(name).trim_end().eq_ignore_ascii_case("br")
}
