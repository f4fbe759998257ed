//! Lines as the parser takes them: they end with `\n`, `\r\n` or `\r`.

/// How much of `text` is whole lines. A `\r` at the very end may be half of a line's end, so its line is not whole.
pub(super) fn whole(text: &str) -> usize {
    let bytes = text.as_bytes();
    let ends = |at: usize| bytes[at] == b'\n' || (bytes[at] == b'\r' && at + 1 < bytes.len());
    (0..bytes.len()).rev().find(|at| ends(*at)).map_or(0, |at| at + 1)
}

/// The first line of `text`, with its end.
pub(super) fn first(text: &str) -> &str {
    let bytes = text.as_bytes();
    let end = match bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
        Some(at) if bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n') => at + 2,
        Some(at) => at + 1,
        None => bytes.len(),
    };
    &text[..end]
}

/// Where each line of `text` begins.
pub(super) fn beginnings(text: &str) -> Vec<usize> {
    let mut beginnings = vec![0];
    let mut at = 0;
    while at < text.len() {
        at += first(&text[at..]).len();
        beginnings.push(at);
    }
    beginnings
}

/// How much of `text` can be escaped without what comes next: up to a place between two ordinary characters, since
/// joiners and flags are read together with their neighbours.
pub(super) fn separable(text: &str) -> usize {
    if text.bytes().next_back().is_some_and(is_plain) {
        return text.len();
    }
    let ordinary = |c: char| c.is_alphanumeric() || (c.is_ascii() && u8::try_from(c).is_ok_and(is_plain));
    let mut after = None;
    for (at, c) in text.char_indices().rev().take(LOOKED_AT) {
        if ordinary(c) && after.is_some_and(ordinary) {
            return at + c.len_utf8();
        }
        after = Some(c);
    }
    // Nothing but marks: their number stays the same, only how they are grouped changes.
    if text.chars().count() > LOOKED_AT { text.len() } else { 0 }
}

/// Characters from the end that are looked at for a place.
const LOOKED_AT: usize = 64;

fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_as_the_parser_has_it() {
        assert_eq!(whole("a\nb\r\nc"), 5);
        assert_eq!(whole("a\rb"), 2);
        assert_eq!(whole("a\r"), 0, "a line feed may follow");
        assert_eq!(beginnings("a\nb\r\nc\rd"), [0, 2, 5, 7, 8]);
    }

    #[test]
    fn text_is_taken_apart_between_ordinary_characters() {
        assert_eq!(separable("abc"), 3);
        assert_eq!(separable("漢字漢"), 6);
        assert_eq!(separable("ab👨\u{200D}"), 1);
        assert_eq!(separable("\u{202E}"), 0);
    }
}
