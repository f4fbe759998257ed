//! Untrusted Markdown to safe HTML: the one renderer of chat pages, shared pages, previews and exports.
//!
//! Two walls stand one behind the other. The [writer](write) emits only elements and attributes it knows, with
//! every text escaped; the [sanitizer](sanitize) parses the result again and keeps only what is on its list.
//! Either alone is enough, and the tests try each alone. The README says what is promised.

mod code;
mod depth;
mod escape;
mod footnotes;
mod html_text;
mod images;
mod inlines;
mod limits;
mod links;
mod lists;
mod math;
mod notes;
mod options;
mod parse;
mod plain;
mod sanitize;
mod streamed;
mod tables;
mod warm_up;
mod write;

#[cfg(test)]
mod walls;

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

pub use options::Options;
pub use streamed::{Streamed, Tail, Update};
pub use warm_up::warm_up;

/// Changes whenever the same Markdown may give other HTML. Remembered pages are kept under this number.
pub const RENDERER_VERSION: u32 = 1;

/// HTML that only this crate can make: it contains nothing that runs, loads or leaves its place on the page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SafeHtml(String);

impl SafeHtml {
    /// The HTML, to be put into a page unescaped.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The HTML as an owned string.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Display for SafeHtml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Renders one message with the default [`Options`]. Never fails and never panics; see [`render_with`].
pub fn render(markdown: &str) -> SafeHtml {
    render_with(markdown, &Options::default())
}

/// Renders one message: CommonMark and GFM (tables, task lists, strikethrough, autolinks, footnotes, alerts),
/// highlighted code and math.
///
/// Work and output are linear in the length of the text. A text above 1 MiB, or one that a parser below gives
/// up on, is shown whole as plain preformatted text.
pub fn render_with(markdown: &str, options: &Options<'_>) -> SafeHtml {
    if markdown.len() > limits::MESSAGE_BYTES {
        return second_wall(plain::write(markdown));
    }
    // A defect in a parser must cost one message its markup, not the page its answer.
    let html = catch_unwind(AssertUnwindSafe(|| write::write(markdown, options)));
    after_writing(html.unwrap_or_else(|_| plain::write(markdown)), markdown)
}

/// What the writer made of `markdown`, through the second wall.
fn after_writing(html: String, markdown: &str) -> SafeHtml {
    second_wall(if cfg!(feature = "sabotage-no-writer") { markdown.to_owned() } else { html })
}

fn second_wall(html: String) -> SafeHtml {
    if cfg!(feature = "sabotage-no-sanitizer") { SafeHtml(html) } else { SafeHtml(sanitize::sanitize(&html)) }
}
