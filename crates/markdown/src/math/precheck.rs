//! Whether a formula may be given to katex-rs at all. It recurses without a limit and aborts the process when the
//! stack ends, so its depth must be bounded before, from the text alone. The bound is generous: it counts too much
//! rather than too little.

use crate::limits::{FORMULA_BYTES, FORMULA_DEPTH};

/// Commands that define others, or can call the language's inner parts. A definition hides both depth (`\def\a{{\a}}`)
/// and length (`\def\a{…}\a\a\a`) from this check, and a single formula has no use for one.
const DEFINING: &[&str] = &[
    "def", "gdef", "edef", "xdef", "let", "futurelet", "newcommand", "renewcommand", "providecommand", "global",
    "long", "expandafter", "noexpand", "csname", "endcsname", "mathchoice", "verb",
];

/// Commands that open a group of their own.
const OPENING: &[&str] = &["left", "begin", "begingroup", "bgroup"];

/// Commands that close one.
const CLOSING: &[&str] = &["right", "end", "endgroup", "egroup"];

/// Whether the formula is short and shallow enough.
pub(super) fn is_bounded(source: &str) -> bool {
    source.len() <= FORMULA_BYTES && depth(source).is_some_and(|depth| depth <= FORMULA_DEPTH)
}

/// A bound of how deep the parser can recurse in steps of its grammar; `None` if nothing can be said.
///
/// Groups count while they are open. Every command counts until the end of its group if it may take what follows as
/// its argument or as its scope: `\mathrm\mathrm x` nests without a brace, and so does `\large\large x`. Commands in
/// a row are counted as nested; the row ends at anything that can't be an argument's beginning.
fn depth(source: &str) -> Option<usize> {
    let mut open: Vec<usize> = vec![0];
    let mut row = 0;
    let mut deepest = 0;
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        let mut length = c.len_utf8();
        match c {
            '{' | '[' | '$' => {
                // Text within a formula may return to formulas by `$`; each is counted as opening.
                open.push(row);
                row = 0;
            }
            '}' | ']' => {
                if open.len() > 1 {
                    open.pop();
                }
                row = 0;
            }
            '\\' => {
                let name_length =
                    rest[1..].find(|c: char| !c.is_ascii_alphabetic() && c != '@').unwrap_or(rest.len() - 1);
                let name = &rest[1..=name_length];
                length = 1 + if name.is_empty() { rest[1..].chars().next().map_or(0, char::len_utf8) } else { name_length };
                if DEFINING.contains(&name) || name.contains('@') {
                    return None;
                }
                if OPENING.contains(&name) {
                    open.push(row);
                    row = 0;
                } else if CLOSING.contains(&name) {
                    if open.len() > 1 {
                        open.pop();
                    }
                    row = 0;
                } else if lasts(name) {
                    if let Some(group) = open.last_mut() {
                        *group += 1;
                    }
                } else if !name.is_empty() || matches!(rest.as_bytes().get(1), Some(b'\'' | b'`' | b'^' | b'~' | b'=' | b'"' | b'.')) {
                    row += 1;
                } else {
                    row = 0;
                }
            }
            ' ' | '\t' | '\n' | '^' | '_' => {}
            _ => row = 0,
        }
        deepest = deepest.max(open.len() - 1 + open.iter().sum::<usize>() + row);
        rest = &rest[length..];
    }
    Some(deepest)
}

/// Commands whose scope is the rest of their group: sizes, styles, old font switches, colours.
fn lasts(name: &str) -> bool {
    const LASTING: &[&str] = &[
        "tiny", "sixptsize", "scriptsize", "footnotesize", "small", "normalsize", "large", "Large", "LARGE", "huge",
        "Huge", "displaystyle", "textstyle", "scriptstyle", "scriptscriptstyle", "rm", "sf", "tt", "bf", "it", "cal",
        "color",
    ];
    LASTING.contains(&name)
}
