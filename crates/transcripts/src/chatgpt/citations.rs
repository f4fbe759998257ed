//! Citations in a message's text → Markdown links.
//!
//! The text marks them as `【7†source】` or, between private-use characters, as `cite turn0search1`; the
//! metadata says what they mean. Places are counted in code points in the real exports seen (before any
//! character outside the BMP, where UTF-16 units would be the same); the marked text itself is in
//! the newer form, so it decides. Where nothing fits, the text stays as it is.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use memchr::memmem;

use super::json::{Metadata, Web};

/// The private-use characters that frame and separate markers.
const MARKS: std::ops::RangeInclusive<char> = '\u{e200}'..='\u{e206}';
const OPEN: char = '\u{e200}';
const CLOSE: char = '\u{e201}';
const SEPARATOR: char = '\u{e202}';
/// A marker without its end is not searched for further than this.
const MAX_MARKER_CHARS: usize = 2000;
/// Keeps a message with very many wrong places from costing time.
const MAX_SEARCH_BYTES: usize = 64 << 20;
const MAX_TITLE_CHARS: usize = 120;

/// One thing to replace.
struct Mark {
    /// The text that stands there, if the metadata says so.
    matched: Option<String>,
    /// Where, in code points (or UTF-16 units).
    from: usize,
    to: usize,
    replacement: String,
}

/// The citations of one message.
pub(super) struct Citations {
    marks: Vec<Mark>,
    /// How much text may still be searched for markers that are not where the metadata says.
    search_bytes: usize,
}

/// Byte ranges of the text that are replaced already, by where they begin.
type Taken = BTreeMap<usize, usize>;

impl Citations {
    pub(super) fn of(metadata: &Metadata) -> Self {
        let mut marks = Vec::new();
        let references = metadata.content_references.0.iter().flatten().filter_map(|one| one.0.as_ref());
        for reference in references {
            if reference.matched_text.trim().is_empty() {
                continue;
            }
            let single = (reference.title.0.as_deref(), reference.url.0.as_deref());
            let items = reference.items.0.iter().flatten().filter_map(|one| one.0.as_ref());
            let pages = items.map(page).chain([single]);
            let links = links(pages);
            let from = reference.start_idx.0.unwrap_or_default();
            marks.push(Mark {
                to: from,
                from,
                replacement: if links.is_empty() { reference.alt.0.clone().unwrap_or_default() } else { links },
                matched: Some(reference.matched_text.clone()),
            });
        }
        let citations = metadata.citations.0.iter().flatten().filter_map(|one| one.0.as_ref());
        for citation in citations {
            let links = links(citation.metadata.0.iter().map(page));
            if citation.start_ix < citation.end_ix && !links.is_empty() {
                marks.push(Mark { matched: None, from: citation.start_ix, to: citation.end_ix, replacement: links });
            }
        }
        Self { marks, search_bytes: MAX_SEARCH_BYTES }
    }

    /// The text with its citations replaced, from the end backwards. A citation is used once: places
    /// are meant for the first text of a message.
    pub(super) fn apply(&mut self, text: &str) -> String {
        let mut replaced: Vec<(usize, usize, String)> = Vec::new();
        if !self.marks.is_empty() {
            let places = Places::of(text);
            let mut left = Vec::new();
            let mut taken = Taken::new();
            for mark in std::mem::take(&mut self.marks) {
                match places.find(text, &mark, &taken, &mut self.search_bytes) {
                    Some((from, to)) => {
                        taken.insert(from, to);
                        replaced.push((from, to, mark.replacement));
                    }
                    None if mark.matched.is_some() => left.push(mark),
                    None => {}
                }
            }
            self.marks = left;
        }
        replaced.sort_by_key(|(from, ..)| Reverse(*from));
        let mut tail_first = Vec::with_capacity(replaced.len() * 2 + 1);
        let mut end = text.len();
        for (from, to, replacement) in &replaced {
            tail_first.push(text.get(*to..end).unwrap_or_default());
            tail_first.push(replacement);
            let before = text.get(..*from).unwrap_or_default();
            let glued = before.chars().next_back().is_some_and(|c| !c.is_whitespace() && !MARKS.contains(&c));
            if glued && replacement.starts_with("([") {
                tail_first.push(" ");
            }
            end = *from;
        }
        tail_first.push(text.get(..end).unwrap_or_default());
        tail_first.reverse();
        without_markers(tail_first.concat())
    }
}

/// Whether no byte between is taken.
fn is_free(taken: &Taken, from: usize, to: usize) -> bool {
    taken.range(..to).next_back().is_none_or(|(_, until)| *until <= from)
}

/// Byte places by code points and by UTF-16 units.
struct Places {
    code_points: Vec<usize>,
    /// Empty if it would be the same.
    units: Vec<usize>,
}

impl Places {
    fn of(text: &str) -> Self {
        let mut code_points: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        code_points.push(text.len());
        let mut units = Vec::new();
        if text.chars().any(|c| c.len_utf16() == 2) {
            for (at, c) in text.char_indices() {
                // The second unit of a pair is no place to cut at; it counts as the pair's beginning.
                units.resize(units.len() + c.len_utf16(), at);
            }
            units.push(text.len());
        }
        Self { code_points, units }
    }

    /// Which bytes a mark means, none of them taken.
    fn find(&self, text: &str, mark: &Mark, taken: &Taken, search_bytes: &mut usize) -> Option<(usize, usize)> {
        let counted = [&self.code_points, &self.units];
        let Some(matched) = &mark.matched else {
            return counted
                .iter()
                .filter_map(|places| Some((*places.get(mark.from)?, *places.get(mark.to)?)))
                .find(|(from, to)| text.get(*from..*to).is_some_and(is_marker) && is_free(taken, *from, *to));
        };
        let fits =
            |at: &usize| text.get(*at..).is_some_and(|rest| rest.starts_with(matched.as_str())) && is_free(taken, *at, *at + matched.len());
        let exact = counted.iter().filter_map(|places| places.get(mark.from).copied()).find(fits);
        // A marker says enough to be found again when the count is off; ordinary words do not.
        let found = exact.or_else(|| {
            *search_bytes = search_bytes.checked_sub(text.len()).filter(|_| is_marker(matched))?;
            text.match_indices(matched.as_str()).map(|(at, _)| at).find(fits)
        });
        found.map(|at| (at, at + matched.len()))
    }
}

/// Whether this is a marker and no words.
fn is_marker(text: &str) -> bool {
    text.starts_with(OPEN) || (text.starts_with('【') && text.ends_with('】'))
}

fn page(web: &Web) -> (Option<&str>, Option<&str>) {
    (web.title.0.as_deref(), web.url.0.as_deref())
}

/// `([Title](url), [Title](url))`, of those with an address that may be linked; empty without any.
fn links<'a>(pages: impl Iterator<Item = (Option<&'a str>, Option<&'a str>)>) -> String {
    let links: Vec<String> = pages
        .filter_map(|(title, url)| {
            let url = url?;
            let address = safe_address(url)?;
            let title = title.filter(|title| !title.trim().is_empty()).unwrap_or(url);
            Some(format!("[{}]({address})", escaped(title)))
        })
        .collect();
    if links.is_empty() { String::new() } else { format!("({})", links.join(", ")) }
}

/// The address as it can stand in a Markdown link; `None` unless http or https.
fn safe_address(url: &str) -> Option<String> {
    use std::fmt::Write;
    let url = url.trim();
    let scheme = url.split_once("://").map(|(scheme, _)| scheme)?;
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return None;
    }
    let mut address = String::with_capacity(url.len());
    for c in url.chars() {
        let breaks_out = c.is_whitespace()
            || c.is_control()
            || matches!(c, '(' | ')' | '<' | '>' | '[' | ']' | '"' | '\'' | '\\' | '`' | '{' | '}' | '|' | '^');
        if breaks_out {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                // Writing to a String cannot fail.
                let _ = write!(address, "%{byte:02X}");
            }
        } else {
            address.push(c);
        }
    }
    Some(address)
}

/// A title as plain words inside a Markdown link: one line, not too long, nothing in it means anything.
fn escaped(title: &str) -> String {
    let words: Vec<&str> =
        title.split(|c: char| c.is_whitespace() || c.is_control() || MARKS.contains(&c)).filter(|word| !word.is_empty()).collect();
    let mut safe = String::new();
    for c in crate::summary::shorten(&words.join(" "), MAX_TITLE_CHARS).chars() {
        if c.is_ascii_punctuation() && !matches!(c, ',' | '.' | ':' | ';' | '?' | '%' | '/' | '\'' | '-') {
            safe.push('\\');
        }
        safe.push(c);
    }
    safe
}

/// The text without the private-use markers that nothing explained. Of a named entity its name stays.
pub(super) fn without_markers(text: String) -> String {
    // All of MARKS begin with these two bytes; nearly no text has them.
    if memmem::find(text.as_bytes(), b"\xee\x88").is_none() {
        return text;
    }
    let mut clean = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find(|c| MARKS.contains(&c)) {
        let (before, marked) = rest.split_at(at);
        clean.push_str(before);
        let mark = marked.chars().next().unwrap_or(OPEN);
        let body = marked.get(mark.len_utf8()..).unwrap_or_default();
        let end = (mark == OPEN).then(|| marker_end(body)).flatten();
        rest = match end {
            Some(end) => {
                let inside = body.get(..end).unwrap_or_default();
                clean.push_str(&entity_name(inside));
                body.get(end + CLOSE.len_utf8()..).unwrap_or_default()
            }
            None => body,
        };
    }
    clean.push_str(rest);
    clean
}

/// Where the marker ends that `body` is the inside of: in the same line, and not too far.
fn marker_end(body: &str) -> Option<usize> {
    body.char_indices().take(MAX_MARKER_CHARS).take_while(|(_, c)| *c != '\n' && *c != OPEN).find(|(_, c)| *c == CLOSE).map(|(at, _)| at)
}

/// `entity␟["company","Motorola"]` → `Motorola`; empty for all other markers.
fn entity_name(inside: &str) -> String {
    inside
        .split_once(SEPARATOR)
        .filter(|(kind, _)| *kind == "entity")
        .and_then(|(_, list)| serde_json::from_str::<Vec<serde_json::Value>>(list).ok())
        .and_then(|list| list.get(1)?.as_str().map(str::to_owned))
        .unwrap_or_default()
}
