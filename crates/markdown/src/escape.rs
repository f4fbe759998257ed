//! Text and attribute values to HTML, with invisible characters made visible.

use std::fmt::Write as _;

/// What a flag of a region begins with; tag characters follow it.
const BLACK_FLAG: char = '\u{1F3F4}';

/// Tag characters that a flag may have: six for the region and the end.
const FLAG_TAGS: u8 = 7;

/// Where a text stands decides which invisible characters it may contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Running text. Embeddings, isolates and joiners are part of how people write; every block is its own
    /// bidi paragraph, so they end where it ends. Overrides and tag characters are shown by number.
    Prose,
    /// Code, addresses and labels, where what is read must be what is there: every invisible character is shown
    /// by number.
    Exact,
}

/// Appends `text`, escaped.
pub(crate) fn text(out: &mut String, text: &str, place: Place) {
    let mut kept = 0;
    let mut in_mark = false;
    let mut before = None;
    let mut flag_left = 0;
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let replacement = match c {
            '&' => Replacement::Entity("&amp;"),
            '<' => Replacement::Entity("&lt;"),
            '>' => Replacement::Entity("&gt;"),
            '\t' | '\n' | ' '..='~' => Replacement::None,
            _ => match control_picture(c) {
                Some(picture) => Replacement::Picture(picture),
                None if is_tag(c) && flag_left > 0 => Replacement::None,
                None if is_shown(c, place, before, rest.peek().map(|(_, next)| *next)) => Replacement::Mark,
                None => Replacement::None,
            },
        };
        flag_left = match c {
            BLACK_FLAG => FLAG_TAGS,
            _ if is_tag(c) => flag_left.saturating_sub(1),
            _ => 0,
        };
        if in_mark && replacement != Replacement::Mark {
            out.push_str("</span>");
            in_mark = false;
        }
        before = Some(c);
        if replacement == Replacement::None {
            continue;
        }
        out.push_str(&text[kept..at]);
        kept = at + c.len_utf8();
        match replacement {
            Replacement::Entity(entity) => out.push_str(entity),
            Replacement::Picture(picture) => out.push(picture),
            Replacement::Mark => {
                out.push_str(if in_mark { " " } else { "<span class=\"invisible\">" });
                in_mark = true;
                // Writing to a String can't fail.
                let _ = write!(out, "U+{:04X}", u32::from(c));
            }
            Replacement::None => {}
        }
    }
    if in_mark {
        out.push_str("</span>");
    }
    out.push_str(&text[kept..]);
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Replacement {
    None,
    Entity(&'static str),
    Picture(char),
    Mark,
}

/// Appends `value`, escaped for an attribute in double quotes. Invisible characters become U+FFFD.
pub(crate) fn attribute(out: &mut String, value: &str) {
    for c in value.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ if control_picture(c).is_some() || is_shown(c, Place::Exact, None, None) => {
                out.push('\u{FFFD}');
            }
            _ => out.push(c),
        }
    }
}

/// The visible stand-in for a control character; `None` for every other one.
fn control_picture(c: char) -> Option<char> {
    match c {
        '\t' | '\n' => None,
        '\0' | '\u{80}'..='\u{9F}' => Some('\u{FFFD}'),
        '\u{1}'..='\u{1F}' => char::from_u32(0x2400 + u32::from(c)),
        '\u{7F}' => Some('\u{2421}'),
        _ => None,
    }
}

/// Whether `c` is invisible (or reorders what is around it) and must be shown by its number.
fn is_shown(c: char, place: Place, before: Option<char>, after: Option<char>) -> bool {
    match c {
        // Overrides turn text around; tag characters carry hidden text, outside the flags they were made for.
        '\u{202D}' | '\u{202E}' => true,
        _ if is_tag(c) => true,
        _ if place == Place::Prose => false,
        // Joiners are needed by emoji and by several scripts, never beside ASCII.
        '\u{200C}' | '\u{200D}' => {
            !(before.is_some_and(|b| !b.is_ascii()) && after.is_some_and(|a| !a.is_ascii()))
        }
        // Spaces of no width, marks, embeddings, isolates, separators.
        '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202C}' | '\u{2028}' | '\u{2029}'
        | '\u{2060}'..='\u{206F}' | '\u{61C}' | '\u{AD}' | '\u{180E}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
        // Fillers look like spaces but are letters: they can name a function.
        | '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}' => true,
        _ => false,
    }
}

/// A tag character: an invisible copy of ASCII.
fn is_tag(c: char) -> bool {
    ('\u{E0000}'..='\u{E007F}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn escaped(input: &str, place: Place) -> String {
        let mut out = String::new();
        text(&mut out, input, place);
        out
    }

    #[test]
    fn markup_is_escaped() {
        assert_eq!(escaped("<b> & \"c\"", Place::Prose), "&lt;b&gt; &amp; \"c\"");
        let mut out = String::new();
        attribute(&mut out, "a\"b<c>&\u{202E}\u{1}");
        assert_eq!(out, "a&quot;b&lt;c&gt;&amp;\u{FFFD}\u{FFFD}");
    }

    #[test]
    fn control_characters_become_pictures() {
        assert_eq!(escaped("a\0\u{1b}[1m\u{7f}\u{85}\t\n", Place::Prose), "a\u{FFFD}␛[1m␡\u{FFFD}\t\n");
    }

    #[test]
    fn reordering_is_shown_in_exact_places() {
        assert_eq!(escaped("a\u{202E}\u{2066}b", Place::Exact), "a<span class=\"invisible\">U+202E U+2066</span>b");
        assert_eq!(escaped("a\u{2067}b\u{2069}", Place::Prose), "a\u{2067}b\u{2069}");
        assert_eq!(escaped("\u{202E}<", Place::Prose), "<span class=\"invisible\">U+202E</span>&lt;");
    }

    #[test]
    fn joiners_stay_where_they_are_needed() {
        let family = "👨\u{200D}👩\u{200D}👧";
        assert_eq!(escaped(family, Place::Exact), family);
        let persian = "می\u{200C}خواهم";
        assert_eq!(escaped(persian, Place::Exact), persian);
        assert_eq!(escaped("is\u{200D}Admin", Place::Exact), "is<span class=\"invisible\">U+200D</span>Admin");
    }

    #[test]
    fn hidden_text_is_shown_and_flags_stay_flags() {
        let scotland = "🏴\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}";
        assert_eq!(escaped(scotland, Place::Prose), scotland);
        let hidden = format!("{scotland}\u{E0041}\u{E0042}\u{E0043}");
        assert_eq!(
            escaped(&hidden, Place::Prose),
            format!("{scotland}\u{E0041}<span class=\"invisible\">U+E0042 U+E0043</span>"),
            "at most seven tag characters belong to a flag"
        );
        assert_eq!(escaped("a\u{E0041}", Place::Prose), "a<span class=\"invisible\">U+E0041</span>");
    }
}
