//! Marks that stand open in the words of one block, and the words with all of them closed.

use crate::math;

/// What is found in the words of one block.
pub(super) struct Marks<'t> {
    text: &'t str,
    open: Vec<Mark>,
    end: End,
    /// How often the end of a formula was looked for in vain.
    vain: usize,
}

/// Marks of emphasis that stand open.
struct Mark {
    byte: u8,
    at: usize,
    count: usize,
}

/// What stands open at the end, besides emphasis.
enum End {
    Nothing,
    /// Code, from here, behind so many backticks.
    Code(usize, usize),
    /// A formula, from here, behind this mark; this ends it.
    Formula(usize, &'static str, &'static str),
    /// The address of a link, from its bracket on.
    Address(usize),
    /// Something that is not shown before it is whole, from here on.
    Cut(usize),
}

/// After so many, a `$` is money.
const VAIN_SEARCHES: usize = 16;

impl<'t> Marks<'t> {
    /// Reads the words of one block.
    pub(super) fn of(text: &'t str) -> Self {
        let mut scan = Self { text, open: Vec::new(), end: End::Nothing, vain: 0 };
        let mut at = 0;
        while at < text.len() {
            match scan.step(at) {
                Ok(next) => at = next,
                Err(end) => {
                    scan.end = end;
                    break;
                }
            }
        }
        scan
    }

    /// What stands at this place: where it ends, or what stands open from here to the end.
    fn step(&mut self, at: usize) -> Result<usize, End> {
        let text = self.text;
        let bytes = text.as_bytes();
        let run = bytes[at..].iter().take_while(|byte| **byte == bytes[at]).count();
        let next = bytes.get(at + 1).copied();
        match bytes[at] {
            b'\\' => match next {
                Some(b'(') => self.formula(at, "\\(", "\\)"),
                Some(b'[') => self.formula(at, "\\[", "\\]"),
                Some(_) => Ok(at + 2),
                None => Err(End::Cut(at)),
            },
            b'`' => code_end(&text[at + run..], run).map(|length| at + run + length).ok_or(End::Code(at, run)),
            b'$' if run == 2 => self.formula(at, "$$", "$$"),
            b'$' if run == 1 && self.vain < VAIN_SEARCHES => match dollar_end(&text[at + 1..]) {
                Some(length) => Ok(at + 1 + length),
                None if is_like_a_formula(&text[at + 1..]) => Err(End::Formula(at, "$", "$")),
                None => {
                    self.vain += 1;
                    Ok(at + 1)
                }
            },
            b'*' | b'_' | b'~' => {
                self.emphasis(at, run);
                Ok(at + run)
            }
            b']' if next == Some(b'(') && text[..at].contains('[') => {
                address_end(&text[at + 2..]).map(|length| at + 2 + length).ok_or(End::Address(at))
            }
            b'[' if next.is_none() => Err(End::Cut(if text[..at].ends_with('!') { at - 1 } else { at })),
            b'[' if next == Some(b'^') && !text[at..].contains(']') => Err(End::Cut(at)),
            b'<' if is_break_begun(&text[at..]) => Err(End::Cut(at)),
            _ => Ok(at + run),
        }
    }

    fn formula(&self, at: usize, begin: &'static str, end: &'static str) -> Result<usize, End> {
        let inside = at + begin.len();
        let length = self.text[inside..].find(end).ok_or(End::Formula(at, begin, end))?;
        Ok(inside + length + end.len())
    }

    fn emphasis(&mut self, at: usize, run: usize) {
        let byte = self.text.as_bytes()[at];
        let before = self.text[..at].chars().next_back();
        let after = self.text[at + run..].chars().next();
        let blank = |c: Option<char>| c.is_none_or(char::is_whitespace);
        let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let inside_word = byte == b'_' && word(before) && word(after);
        let mut left = run;
        if !blank(before) && !inside_word {
            while left > 0
                && let Some(nearest) = self.open.iter().rposition(|mark| mark.byte == byte)
            {
                let closed = left.min(self.open[nearest].count);
                left -= closed;
                self.open[nearest].count -= closed;
                let keep = if self.open[nearest].count == 0 { nearest } else { nearest + 1 };
                self.open.truncate(keep);
            }
        }
        if left > 0 && !inside_word && (!blank(after) || after.is_none()) && !(byte == b'~' && run > 2) {
            self.open.push(Mark { byte, at: at + run - left, count: left });
        }
    }

    /// The text with all of it closed; `None` if nothing stands open.
    pub(super) fn closed(mut self, formula: &mut String) -> Option<String> {
        let text = self.text;
        let mut shown = match self.end {
            End::Nothing if self.open.is_empty() => return None,
            End::Nothing => text.to_owned(),
            End::Cut(at) => text[..at].to_owned(),
            End::Address(at) => format!("{}]()", &text[..at]),
            End::Code(at, run) => {
                let code = text[at + run..].trim_end_matches('`').trim_end();
                let ticks = &text[at..at + run];
                if code.trim().is_empty() { text[..at].to_owned() } else { format!("{}{ticks}{code}{ticks}", &text[..at]) }
            }
            End::Formula(at, begin, end) => {
                let source = text[at + begin.len()..].trim_end_matches(['$', '\\']);
                match shown_formula(source, end != "$" && end != "\\)", formula) {
                    Some(source) => format!("{}{begin}{source}{end}", &text[..at]),
                    None => text[..at].to_owned(),
                }
            }
        };
        // Marks at the very end open nothing yet, or are the first half of what closes.
        let kept = shown.trim_end();
        shown.truncate(kept.len());
        while let Some(last) = self.open.last() {
            if last.at + last.count < shown.len() {
                break;
            }
            shown.truncate(last.at);
            shown.truncate(shown.trim_end().len());
            self.open.pop();
        }
        for mark in self.open.iter().rev() {
            shown.extend(std::iter::repeat_n(char::from(mark.byte), mark.count));
        }
        Some(shown)
    }
}

/// How far it is behind the end of code that so many backticks began.
fn code_end(text: &str, run: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(found) = text.get(at..)?.find('`') {
        let begin = at + found;
        let length = bytes[begin..].iter().take_while(|byte| **byte == b'`').count();
        at = begin + length;
        if length == run {
            return Some(at);
        }
    }
    None
}

/// How far it is behind the `$` that ends a formula.
fn dollar_end(text: &str) -> Option<usize> {
    if text.starts_with(char::is_whitespace) {
        return None;
    }
    let bytes = text.as_bytes();
    text.match_indices('$')
        .find(|(at, _)| {
            *at > 0 && !bytes[at - 1].is_ascii_whitespace() && bytes[at - 1] != b'\\' && !bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
        })
        .map(|(at, _)| at + 1)
}

/// Whether what follows a `$` is more likely a formula than money or a variable's name.
fn is_like_a_formula(text: &str) -> bool {
    let Some(first) = text.chars().next() else {
        return true;
    };
    !first.is_whitespace() && (text.contains(['\\', '^', '{']) || (first.is_alphabetic() && !text.contains(char::is_whitespace)))
}

/// How far it is behind the bracket that ends an address.
fn address_end(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'(' => depth += 1,
            b')' if depth == 0 => return Some(at + 1),
            b')' => depth -= 1,
            b'\n' if depth == 0 && text[..at].contains(' ') => return Some(0),
            _ => {}
        }
    }
    // Blanks stand only before a title: this is no address.
    let words = text.trim_start().split_once(char::is_whitespace);
    if words.is_some_and(|(_, title)| !title.trim_start().is_empty() && !title.trim_start().starts_with(['"', '\'', '('])) {
        Some(0)
    } else {
        None
    }
}

fn is_break_begun(text: &str) -> bool {
    ["<b", "<br", "<br/", "<br ", "<br /"].contains(&text)
}

/// As much of an open formula as can be typeset, closed: all of it, or what was shown before.
fn shown_formula(source: &str, display: bool, last: &mut String) -> Option<String> {
    let with_braces = |source: &str| -> Option<String> {
        let mut depth = 0usize;
        let mut escaped = false;
        for byte in source.bytes() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'{' => depth += 1,
                b'}' => depth = depth.checked_sub(1)?,
                _ => {}
            }
        }
        Some(format!("{source}{}", "}".repeat(depth)))
    };
    let whole = source.trim_end();
    if !whole.is_empty()
        && let Some(closed) = with_braces(whole)
        && math::is_formula(&closed, display)
    {
        whole.clone_into(last);
        return Some(closed);
    }
    if !last.is_empty() && source.starts_with(last.as_str()) { with_braces(last) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        Marks::of(text).closed(&mut String::new()).unwrap_or_else(|| text.to_owned())
    }

    #[test]
    fn what_stands_open_is_closed() {
        for (text, closed) in [
            ("a **b", "a **b**"),
            ("a **b c", "a **b c**"),
            ("a **b*", "a **b**"),
            ("a **b**", "a **b**"),
            ("a **b *c", "a **b *c***"),
            ("a *b", "a *b*"),
            ("a ***b", "a ***b***"),
            ("a ~~b", "a ~~b~~"),
            ("a ~~b~", "a ~~b~~"),
            ("a _b", "a _b_"),
            ("snake_case", "snake_case"),
            ("5 * 3", "5 * 3"),
            ("a **", "a"),
            ("a *", "a"),
            ("a `b", "a `b`"),
            ("a ``b`", "a ``b``"),
            ("a `", "a "),
            ("**`", ""),
            ("a **`b", "a **`b`**"),
            ("a `b` c", "a `b` c"),
            ("a [b](https://exam", "a [b]()"),
            ("a [b](", "a [b]()"),
            ("a [b](https://a.example)", "a [b](https://a.example)"),
            ("a **[b](https://exam", "a **[b]()**"),
            ("a [", "a"),
            ("a ![", "a"),
            ("a[^1", "a"),
            ("a [b", "a [b"),
            ("a $x^2", "a $x^2$"),
            ("a $\\frac{1}{2", "a $\\frac{1}{2}$"),
            ("a $\\frac{", "a"),
            ("$5 and", "$5 and"),
            ("a $$\\sqrt{x", "a $$\\sqrt{x}$$"),
            ("a \\(x", "a \\(x\\)"),
            ("a \\(x\\", "a \\(x\\)"),
            ("a \\", "a"),
            ("a<br", "a"),
        ] {
            assert_eq!(shown(text).trim_end(), closed.trim_end(), "{text:?}");
        }
    }

    #[test]
    fn a_formula_only_grows() {
        let mut last = String::new();
        assert_eq!(Marks::of("$x^2").closed(&mut last).unwrap(), "$x^2$");
        assert_eq!(Marks::of("$x^2 + \\fra").closed(&mut last).unwrap(), "$x^2$", "half a command is not shown");
        assert_eq!(Marks::of("$x^2 + \\frac{1}{3}").closed(&mut last).unwrap(), "$x^2 + \\frac{1}{3}$");
    }
}
