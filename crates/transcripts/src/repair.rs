//! Makes JSON text out of bytes that nearly are.
//!
//! Exports hold what people and models typed: halves of surrogate pairs (`\ud83d` alone), U+0000 (which
//! `PostgreSQL` refuses), now and then a cut UTF-8 sequence or a raw line break in a string. None of that
//! may cost a conversation; each becomes U+FFFD and is counted.

use std::borrow::Cow;

use memchr::{memchr, memmem};

/// The bytes as text for `serde_json`: unchanged if they can be read as they are, else a repaired copy.
/// Adds to `replaced` how many characters became U+FFFD.
pub(crate) fn readable<'a>(json: &'a [u8], replaced: &mut u64) -> Cow<'a, str> {
    let text = match std::str::from_utf8(json) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(without_invalid(json, replaced)),
    };
    if memchr(0, text.as_bytes()).is_none() && !has_bad_escape(text.as_bytes()) {
        return text;
    }
    Cow::Owned(repaired(&text, replaced))
}

/// The text with everything repaired that can be; a second attempt after `serde_json` refused the first.
pub(crate) fn repaired(json: &str, replaced: &mut u64) -> String {
    let mut fixed = Vec::with_capacity(json.len());
    let bytes = json.as_bytes();
    let mut in_string = false;
    let mut at = 0;
    while let Some(byte) = bytes.get(at).copied() {
        let mut taken = 1;
        match byte {
            b'"' => {
                in_string = !in_string;
                fixed.push(byte);
            }
            b'\\' if in_string => {
                taken = match escape_at(bytes, at) {
                    Escape::Good(length) => {
                        fixed.extend_from_slice(bytes.get(at..at + length).unwrap_or_default());
                        length
                    }
                    Escape::Bad(length) => {
                        *replaced += 1;
                        fixed.extend_from_slice(b"\\ufffd");
                        length
                    }
                };
            }
            0 if in_string => {
                *replaced += 1;
                fixed.extend_from_slice(b"\\ufffd");
            }
            0x01..0x20 if in_string => fixed.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
            _ => fixed.push(byte),
        }
        at += taken;
    }
    // Only ASCII was put in the place of ASCII, so nothing is lost here.
    String::from_utf8_lossy(&fixed).into_owned()
}

/// Replaces each invalid sequence by U+FFFD.
fn without_invalid(bytes: &[u8], replaced: &mut u64) -> String {
    let mut text = String::with_capacity(bytes.len() + 16);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
            *replaced += 1;
        }
    }
    text
}

/// Whether there may be an escape that stands for no character, or for U+0000. May say yes without
/// need (an escaped backslash before a `u`), never no wrongly.
fn has_bad_escape(json: &[u8]) -> bool {
    let mut paired_until = 0;
    for at in memmem::find_iter(json, b"\\u") {
        if at < paired_until {
            continue;
        }
        match escape_at(json, at) {
            Escape::Bad(_) => return true,
            Escape::Good(length) => paired_until = at + length,
        }
    }
    false
}

enum Escape {
    /// So many bytes that stand for a character (or are no valid escape at all: the parser's business).
    Good(usize),
    /// So many bytes that stand for half a surrogate pair or for U+0000.
    Bad(usize),
}

/// What the backslash at `at` begins.
fn escape_at(bytes: &[u8], at: usize) -> Escape {
    match unit_at(bytes, at) {
        Some(0 | 0xdc00..=0xdfff) => Escape::Bad(6),
        Some(0xd800..=0xdbff) => match unit_at(bytes, at + 6) {
            Some(0xdc00..=0xdfff) => Escape::Good(12),
            _ => Escape::Bad(6),
        },
        Some(_) => Escape::Good(6),
        None => Escape::Good(2.min(bytes.len() - at)),
    }
}

/// The UTF-16 unit that `\uXXXX` at `at` stands for.
fn unit_at(bytes: &[u8], at: usize) -> Option<u16> {
    let hex = bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
    let mut unit = 0;
    for digit in hex {
        let value = char::from(*digit).to_digit(16)?;
        unit = unit * 16 + u16::try_from(value).ok()?;
    }
    Some(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn string(json: &[u8]) -> (String, u64) {
        let mut replaced = 0;
        let text = readable(json, &mut replaced);
        let parsed = serde_json::from_str(&text).or_else(|_| serde_json::from_str(&repaired(&text, &mut replaced)));
        (parsed.unwrap(), replaced)
    }

    #[test]
    fn good_json_is_not_copied() {
        let json = "\"a \\ud83d\\ude00 \\\\u0000 ü\"";
        let mut replaced = 0;
        // The escaped backslash before u0000 may cost a copy, never a change.
        assert_eq!(readable(json.as_bytes(), &mut replaced), json);
        assert!(matches!(readable(b"\"\\ud83d\\ude00\\u00e4\"", &mut replaced), Cow::Borrowed(_)));
        assert_eq!(replaced, 0);
    }

    #[test]
    fn each_bad_character_becomes_one_replacement() {
        assert_eq!(string(br#""a\ud800b""#), ("a\u{fffd}b".into(), 1));
        assert_eq!(string(br#""\udc00\ud83d\ude00\ud83d""#), ("\u{fffd}😀\u{fffd}".into(), 2));
        assert_eq!(string(br#""\ud83d\ud83d\ude00""#), ("\u{fffd}😀".into(), 1));
        assert_eq!(string(br#""x\u0000y""#), ("x\u{fffd}y".into(), 1));
        assert_eq!(string(b"\"x\0y\""), ("x\u{fffd}y".into(), 1));
        assert_eq!(string(b"\"x\xff\xe2\x82y\""), ("x\u{fffd}\u{fffd}y".into(), 2));
        assert_eq!(string(br#""x\\u0000\\\u0000""#), ("x\\u0000\\\u{fffd}".into(), 1));
        assert_eq!(string(b"\"two\nlines\""), ("two\nlines".into(), 0));
    }
}
