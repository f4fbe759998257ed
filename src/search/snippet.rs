//! The line below a hit that shows why it is one: a stretch of the text, with the words marked. Pieces of plain text,
//! which the template escapes; no markup is ever put together here.

use std::ops::Range;

use super::words::{self, Term};

/// Bytes of text before the first marked word, and of the whole stretch.
const BEFORE: usize = 40;
const LENGTH: usize = 180;
/// Matches that are looked at.
const MATCHES: usize = 500;

/// A piece of a snippet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Plain text.
    pub text: String,
    /// It is one of the words.
    pub marked: bool,
}

/// The stretch of `text` that has the most of the words.
pub fn of(text: &str, terms: &[Term]) -> Vec<Piece> {
    let mut found: Vec<(usize, Range<usize>)> = Vec::new();
    words::each(text, |word, place| {
        if found.len() < MATCHES
            && let Some(number) = terms.iter().position(|term| term.matches(word))
        {
            found.push((number, shown(text, &terms[number], place)));
        }
    });
    let window = window(text, &found);
    let mut pieces = Vec::new();
    let mut at = window.start;
    if at > 0 {
        push(&mut pieces, "…", false);
    }
    for (_, place) in found.into_iter().filter(|(_, place)| place.start >= window.start && place.end <= window.end) {
        // Pairs of letters overlap.
        push(&mut pieces, &text[at..place.start.max(at)], false);
        push(&mut pieces, &text[place.start.max(at)..place.end.max(at)], true);
        at = place.end.max(at);
    }
    push(&mut pieces, &text[at..window.end], false);
    if window.end < text.len() {
        push(&mut pieces, "…", false);
    }
    pieces
}

/// Of a letter that stands for every pair it begins, the letter.
fn shown(text: &str, term: &Term, place: Range<usize>) -> Range<usize> {
    if term.prefix && term.word.chars().all(words::is_unspaced) {
        let first = text[place.clone()].chars().next().map_or(0, char::len_utf8);
        place.start..place.start + first
    } else {
        place
    }
}

/// Where the stretch begins and ends, between words if there is a space near.
fn window(text: &str, found: &[(usize, Range<usize>)]) -> Range<usize> {
    let different = |first: usize| {
        let until = found[first].1.start + LENGTH - BEFORE;
        let mut seen: Vec<usize> = found[first..].iter().take_while(|(_, place)| place.end <= until).map(|(number, _)| *number).collect();
        seen.sort_unstable();
        seen.dedup();
        seen.len()
    };
    let mut best: Option<(usize, usize)> = None;
    for first in 0..found.len() {
        let count = different(first);
        if best.is_none_or(|(_, most)| count > most) {
            best = Some((first, count));
        }
    }
    let place = best.map_or(0..0, |(first, _)| found[first].1.clone());
    // Near its beginning, from the beginning.
    let start = if place.start <= 2 * BEFORE { 0 } else { boundary(text, place.start - BEFORE) };
    let start = if start == 0 { 0 } else { text[start..place.start].find(char::is_whitespace).map_or(start, |space| start + space + 1) };
    let start = boundary(text, start);
    let end = boundary(text, (start + LENGTH).max(place.end).min(text.len()));
    if end == text.len() {
        return start..end;
    }
    let least = place.end.max(end.saturating_sub(BEFORE)).min(end);
    start..text[boundary(text, least)..end].rfind(char::is_whitespace).map_or(end, |space| boundary(text, least) + space)
}

fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Adds a piece in one line, without the signs of Markdown that would only be in the way.
fn push(pieces: &mut Vec<Piece>, text: &str, marked: bool) {
    let mut clean = String::with_capacity(text.len());
    let mut after_space = pieces.last().is_none_or(|last| last.text.ends_with(' '));
    for c in text.chars().filter(|c| !matches!(c, '*' | '`' | '#' | '|')) {
        let c = if c.is_whitespace() || c.is_control() { ' ' } else { c };
        if c != ' ' || !after_space {
            clean.push(c);
        }
        after_space = c == ' ';
    }
    match pieces.last_mut() {
        _ if clean.is_empty() => (),
        Some(last) if last.marked == marked => last.text.push_str(&clean),
        _ => pieces.push(Piece { text: clean, marked }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, question: &str) -> String {
        let pieces = of(text, &words::terms(question));
        pieces.iter().map(|piece| if piece.marked { format!("[{}]", piece.text) } else { piece.text.clone() }).collect()
    }

    #[test]
    fn the_words_are_marked_as_they_were_written() {
        assert_eq!(shown("How long does **Green**\n\ntea steep?", "green te"), "How long does [Green] [tea] steep?");
        assert_eq!(shown("Ångström’s café", "cafe"), "Ångström’s [café]");
        assert_eq!(shown("これは日本語です", "日本語"), "これは[日本語]です");
        assert_eq!(shown("茶道と茶", "茶"), "[茶]道と[茶]");
        assert_eq!(shown("no such word", "tea"), "no such word");
        assert_eq!(shown("<b>tea</b>", "tea"), "<b>[tea]</b>");
    }

    #[test]
    fn the_stretch_is_the_one_with_the_most_words() {
        let text = format!("tea {} green and tea together {}", "word ".repeat(100), "more ".repeat(100));
        let shown = shown(&text, "green tea");
        assert!(shown.starts_with("…word") && shown.contains("[green] and [tea] together") && shown.ends_with("more…"), "{shown}");
        assert!(shown.len() < 220, "{shown}");
    }

    #[test]
    fn any_text_has_a_snippet() {
        for text in ["", " ", "茶".repeat(1_000).as_str(), "é".repeat(997).as_str(), "\u{301}\u{301}a", "tea"] {
            for question in ["tea", "茶", "e", "茶茶", ""] {
                of(text, &words::terms(question));
                of(&format!("{text}tea{text}"), &words::terms(question));
            }
        }
    }
}
