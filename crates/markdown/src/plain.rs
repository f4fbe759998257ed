//! A text as it is, for what is too long to be rendered.

use crate::escape::{self, Place};

/// The whole text, escaped, in one preformatted block.
pub(crate) fn write(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8 + 80);
    out.push_str("<pre class=\"plain\" tabindex=\"0\" dir=\"auto\"><code>");
    piece(&mut out, text);
    out.push_str("</code></pre>\n");
    out
}

/// A piece of such a text, for the end of its block.
pub(crate) fn piece(out: &mut String, text: &str) {
    escape::text(out, text, Place::Exact);
}
