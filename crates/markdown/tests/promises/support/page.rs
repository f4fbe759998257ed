//! What a page shows that follows the updates of a text that is being written.

use takeback_markdown::{Options, Streamed, Tail, Update};

use super::{balance, invariant};

pub(crate) const OPTIONS: Options<'static> = Options { id_prefix: "m1-" };

/// The blocks of a page, as a browser would hold them.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) finished: Vec<String>,
    pub(crate) tail: String,
}

impl Page {
    /// Does what the contract says.
    pub(crate) fn follow(&mut self, update: Update) {
        let new = !update.finished.is_empty();
        self.finished.extend(update.finished.into_iter().map(takeback_markdown::SafeHtml::into_string));
        match update.tail {
            Tail::Same => assert!(!new, "the tail's place was taken"),
            Tail::Whole(tail) => self.tail = tail.into_string(),
            Tail::MoreCode(more) => {
                assert!(!new, "the tail's place was taken");
                let end = self.tail.rfind("</code>").or(cfg!(feature = "sabotage-no-writer").then_some(self.tail.len()));
                let end = end.expect("a tail that gets more code ends in code");
                self.tail.insert_str(end, more.as_str());
            }
        }
    }

    /// All of it.
    pub(crate) fn html(&self) -> String {
        self.finished.concat() + &self.tail
    }
}

/// The pieces of `text` of about this many bytes.
pub(crate) fn pieces(text: &str, size: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let mut cut = size.clamp(1, rest.len());
        while !rest.is_char_boundary(cut) {
            cut += 1;
        }
        let (piece, after) = rest.split_at(cut);
        pieces.push(piece);
        rest = after;
    }
    pieces
}

/// The page at the end of a text that came in these pieces, and what it showed before it was said that it is the end.
/// Every update is looked at.
pub(crate) fn streamed(pieces: &[&str]) -> (String, String) {
    let mut streamed = Streamed::new(&OPTIONS);
    let mut page = Page::default();
    for piece in pieces {
        streamed.push(piece);
        follow(&mut page, streamed.update());
        // Without the writer there are no tails that could grow.
        let late = streamed.tail();
        assert!(
            merged(&page.tail) == merged(late.as_str()) || cfg!(feature = "sabotage-no-writer"),
            "who comes late sees {late}, at {piece:?} of {pieces:?}"
        );
    }
    let length: usize = pieces.iter().map(|piece| piece.len()).sum();
    for _ in 0..50 + length / 100 {
        follow(&mut page, streamed.update());
    }
    let before = page.html();
    follow(&mut page, streamed.finish());
    assert_eq!(page.tail, "");
    (page.html(), before)
}

/// Each piece of an update is safe and balanced by itself.
fn follow(page: &mut Page, update: Update) {
    let tail = match &update.tail {
        Tail::Same => None,
        Tail::Whole(html) | Tail::MoreCode(html) => Some(html),
    };
    for html in update.finished.iter().chain(tail) {
        assert_eq!(balance::unbalanced(html.as_str()), None);
        assert_eq!(invariant::violation(html.as_str()), None, "{html}");
    }
    page.follow(update);
}

/// Neighbouring spans of one class as one: code that came in pieces has more of them.
pub(crate) fn merged(html: &str) -> String {
    let mut merged = String::with_capacity(html.len());
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix("<span class=\"") {
            let (class, after) = after.split_once('"').unwrap();
            open.push(class);
            merged.push_str(&rest[..rest.len() - after.len()]);
            rest = after;
        } else if rest.starts_with("<span") {
            open.push("");
            merged.push_str("<span");
            rest = &rest[5..];
        } else if let Some(after) = rest.strip_prefix("</span>") {
            let class = open.pop().unwrap_or_default();
            let again = format!("<span class=\"{class}\">");
            match after.strip_prefix(&again) {
                Some(inside) if !class.is_empty() => {
                    open.push(class);
                    rest = inside;
                }
                _ => {
                    merged.push_str("</span>");
                    rest = after;
                }
            }
        } else {
            let first = rest.chars().next().map_or(0, char::len_utf8);
            let next = rest[first..].find('<').map_or(rest.len(), |at| at + first);
            merged.push_str(&rest[..next]);
            rest = &rest[next..];
        }
    }
    merged
}
