//! The last line of a text that is still being written: what it may become, before its end is there.

/// Whether the line already is what it will be: nothing that follows on it changes where blocks begin.
pub(super) fn is_decided(line: &str) -> bool {
    let (rest, marked) = without_markers(line);
    // Emphasis and short code begin a paragraph as soon as something stands in them.
    let rest = match rest.as_bytes().first() {
        Some(b'*' | b'_') => rest.trim_start_matches(['*', '_']),
        Some(b'`') if rest.bytes().take_while(|byte| *byte == b'`').count() < 3 => rest.trim_start_matches('`'),
        // A row, unless it may be the line between a table's head and its body.
        Some(b'|' | b':') => return rest.contains(char::is_alphanumeric),
        _ => rest,
    };
    rest.chars().next().is_some_and(|c| match c {
        '0'..='9' => marked,
        _ if c.is_ascii() => c.is_ascii_alphabetic() || "\"'(),.;?@!&%^{}/$\\]".contains(c),
        _ => !c.is_whitespace() && c != '\u{FEFF}',
    })
}

/// Whether the line would be shown as something else than what it most likely will be, so that nothing of it is shown
/// yet: the marks that a block begins with and nothing behind them.
pub(super) fn is_held_back(line: &str) -> bool {
    let (rest, _) = without_markers(line);
    let rest = rest.trim_end();
    let Some(first) = rest.bytes().next() else {
        return true;
    };
    match first {
        b'#' | b'-' | b'*' | b'+' | b'_' | b'=' | b'|' | b':' | b'$' | b'\\' | b'!' | b'<' => {
            rest.bytes().all(|byte| b"#-*+_=|:$\\!< \t".contains(&byte)) || matches!(rest, "\\[" | "\\(" | "![")
        }
        // A fence is shown when its language is whole.
        b'`' | b'~' => rest.bytes().all(|byte| byte == first) || rest.starts_with("```") || rest.starts_with("~~~"),
        b'0'..=b'9' => {
            let digits = rest.trim_start_matches(|c: char| c.is_ascii_digit());
            rest.len() - digits.len() <= 9 && matches!(digits, "" | "." | ")")
        }
        // A task's box, an alert's name, a note's name, an address's name.
        b'[' => match rest.find(']') {
            None => matches!(rest, "[" | "[x" | "[X") || rest.starts_with("[!") || rest.starts_with("[^"),
            Some(at) => matches!(&rest[at + 1..], "" | ":"),
        },
        _ => false,
    }
}

/// The line without marks of quotes, items and headings that something follows; whether there were any.
fn without_markers(line: &str) -> (&str, bool) {
    let mut rest = line.trim_start_matches([' ', '\t']);
    let mut marked = false;
    loop {
        let after = if let Some(after) = rest.strip_prefix('>') {
            after
        } else {
            let mark = rest.trim_start_matches(|c: char| c.is_ascii_digit());
            let digits = rest.len() - mark.len();
            let after = match (digits, mark.bytes().next()) {
                (0, Some(b'-' | b'*' | b'+')) | (1..=9, Some(b'.' | b')')) => &mark[1..],
                (0, Some(b'#')) => mark.trim_start_matches('#'),
                _ => return (rest, marked),
            };
            if !after.starts_with([' ', '\t']) {
                return (rest, marked);
            }
            after
        };
        marked = true;
        rest = after.trim_start_matches([' ', '\t']);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_without_words_are_held_back() {
        for line in [
            "", "#", "##", "# ", "-", "- ", "--", "- - ", "*", "**", "***", "+", "1", "1.", "1. ", "12)", "|", "|-", "| :-", "`", "```",
            "```ru", "~~~", ">", "> ", "> -", "- [", "- [ ", "- [x", "- [x]", "> [!", "> [!NO", "[^", "[^1", "[^1]", "[^1]:", "[a]:",
            "===", "$$", "\\[", "<",
        ] {
            assert!(is_held_back(line), "{line:?}");
            assert!(!is_decided(line) || line.starts_with('\\') || line.starts_with('$') || line.contains("[!"), "{line:?}");
        }
        for line in ["a", "- a", "# a", "> a", "**a", "`a", "1. a", "| a", "[a", "[a](", "2024 was", "[^1] a", "a #"] {
            assert!(!is_held_back(line), "{line:?}");
        }
    }

    #[test]
    fn words_decide() {
        for line in ["a", "- a", "- 1", "# a", "> a", "**a", "`a", "1. a", "| a", "(a", "漢", "  a", "- **a"] {
            assert!(is_decided(line), "{line:?}");
        }
        for line in ["1", "12", "<a", "[a", "+a", "~~a", "=", "|-|", "``` a", "\u{FEFF}"] {
            assert!(!is_decided(line), "{line:?}");
        }
    }
}
