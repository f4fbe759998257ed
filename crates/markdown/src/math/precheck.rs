//! Whether a formula may be given to katex-rs at all. It recurses without a limit and aborts the process when the
//! stack ends, so its depth must be bounded before, from the text alone. Where the text leaves a doubt, the check
//! counts too much rather than too little.

use crate::limits::{FORMULA_BYTES, FORMULA_DEPTH};

/// Commands that make the text no measure of the work: those that define others hide depth (`\def\a{{\a}}`) and
/// length (`\def\a{…}\a\a\a`), those that read their argument raw change what a brace or a `%` means. And those that
/// print: a message must not reach a log.
const REFUSED: &[&str] = &[
    "def",
    "gdef",
    "edef",
    "xdef",
    "let",
    "futurelet",
    "newcommand",
    "renewcommand",
    "providecommand",
    "global",
    "long",
    "expandafter",
    "noexpand",
    "csname",
    "endcsname",
    "mathchoice",
    "verb",
    "url",
    "href",
    "includegraphics",
    "htmlClass",
    "htmlId",
    "htmlStyle",
    "htmlData",
    "message",
    "errmessage",
    "show",
];

/// Commands whose scope is the rest of their group: `\large\large x` nests without a brace.
const LASTING: &[&str] = &[
    "tiny",
    "sixptsize",
    "scriptsize",
    "footnotesize",
    "small",
    "normalsize",
    "large",
    "Large",
    "LARGE",
    "huge",
    "Huge",
    "displaystyle",
    "textstyle",
    "scriptstyle",
    "scriptscriptstyle",
    "rm",
    "sf",
    "tt",
    "bf",
    "it",
    "cal",
    "color",
];

/// Commands whose second argument may be one of them again, without a brace: `\frac1\frac1\frac1`.
const FRACTIONS: &[&str] = &["frac", "dfrac", "tfrac", "cfrac", "binom", "dbinom", "tbinom"];

/// Whether the formula is short and shallow enough.
pub(super) fn is_bounded(source: &str) -> bool {
    source.len() <= FORMULA_BYTES && depth(source).is_some_and(|depth| depth <= FORMULA_DEPTH)
}

/// What opened a group. Only its own kind closes it; anything else leaves the group counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Opener {
    Formula,
    Brace,
    OptionalArgument,
    Left,
    Environment,
    BeginGroup,
}

struct Group {
    opener: Opener,
    /// Levels that end with the group: commands in a row before it and lasting ones in it.
    levels: usize,
}

/// A bound of how deep the parser recurses, in steps of its grammar; `None` if the text is no measure of it.
fn depth(source: &str) -> Option<usize> {
    let mut groups = vec![Group { opener: Opener::Formula, levels: 0 }];
    let mut below = 0;
    let mut row = 0;
    let mut deepest = 0;
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        let mut length = c.len_utf8();
        let mut change = Change::EndRow;
        match c {
            '%' => {
                length = rest.find('\n').unwrap_or(rest.len());
                change = Change::None;
            }
            '{' => change = Change::Open(Opener::Brace),
            '}' => change = Change::Close(Opener::Brace),
            ']' => change = Change::Close(Opener::OptionalArgument),
            ' ' | '\t' | '\n' | '\r' | '^' | '_' => change = Change::None,
            '\\' => {
                let name = command(&rest[1..]);
                length = 1 + name.len();
                let after = rest[length..].trim_start();
                change = meaning(name, after)?;
                if matches!(change, Change::Open(Opener::OptionalArgument)) {
                    length = rest.len() - after.len() + 1;
                } else if matches!(name, "left" | "right") && !after.starts_with('\\') {
                    // A delimiter is no brace of its own.
                    let delimiter = after.chars().next().map_or(0, char::len_utf8);
                    length = rest.len() - after.len() + delimiter;
                }
            }
            _ => {}
        }
        rest = &rest[length..];
        match change {
            Change::None => {}
            Change::EndRow => row = 0,
            Change::Row => row += 1,
            Change::Lasts => {
                below += 1;
                if let Some(group) = groups.last_mut() {
                    group.levels += 1;
                }
            }
            Change::Open(opener) => {
                groups.push(Group { opener, levels: row + 1 });
                below += row + 1;
                row = 0;
            }
            Change::Close(opener) => {
                row = 0;
                if groups.last().is_some_and(|group| group.opener == opener) {
                    below -= groups.pop().map_or(0, |group| group.levels);
                }
                // The group may have been the first argument of a fraction, and its second one another.
                if starts_with_fraction(rest.trim_start())
                    && let Some(group) = groups.last_mut()
                {
                    group.levels += 1;
                    below += 1;
                }
            }
        }
        deepest = deepest.max(below + row);
    }
    Some(deepest)
}

/// What a piece of the text does to the depth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    None,
    EndRow,
    Row,
    Lasts,
    Open(Opener),
    Close(Opener),
}

/// What a command does, by its name and what follows it; `None` for a refused one.
fn meaning(name: &str, after: &str) -> Option<Change> {
    Some(match name {
        _ if REFUSED.contains(&name) || name.contains('@') => return None,
        "left" => Change::Open(Opener::Left),
        "right" => Change::Close(Opener::Left),
        "begin" => Change::Open(Opener::Environment),
        "end" => Change::Close(Opener::Environment),
        "begingroup" => Change::Open(Opener::BeginGroup),
        "endgroup" => Change::Close(Opener::BeginGroup),
        "bgroup" => Change::Open(Opener::Brace),
        "egroup" => Change::Close(Opener::Brace),
        _ if LASTING.contains(&name) => Change::Lasts,
        _ if FRACTIONS.contains(&name) && !after.starts_with('{') => Change::Lasts,
        _ if after.starts_with('[') && (name == "sqrt" || name.starts_with('x')) => Change::Open(Opener::OptionalArgument),
        // A command may be the argument of the one before it: `\mathrm\mathrm x`, and the accents of text.
        _ if name.starts_with(|c: char| c.is_ascii_alphabetic() || "'`^~=\".".contains(c)) => Change::Row,
        _ => Change::EndRow,
    })
}

/// The name of a command, as katex reads it: letters and `@`, or one other character.
fn command(rest: &str) -> &str {
    let letters = rest.find(|c: char| !c.is_ascii_alphabetic() && c != '@').unwrap_or(rest.len());
    let length = if letters == 0 { rest.chars().next().map_or(0, char::len_utf8) } else { letters };
    &rest[..length]
}

fn starts_with_fraction(rest: &str) -> bool {
    rest.strip_prefix('\\').is_some_and(|rest| FRACTIONS.contains(&command(rest)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::{CONTEXT, MathWriter};

    #[test]
    fn ordinary_formulas_are_shallow() {
        for (source, expected) in [
            ("x", 0),
            (r"\frac{a}{b}", 2),
            (r"\alpha + \beta", 1),
            (r"\left( \frac{1}{2} \right)", 3),
            (r"\begin{aligned} a &= b \\ c &= d \end{aligned}", 2),
            (r"\sqrt[3]{x}", 1),
            ("50\\% % {{{{\n x", 0),
        ] {
            assert_eq!(depth(source), Some(expected), "{source}");
        }
    }

    #[test]
    fn every_way_of_nesting_is_counted() {
        for nested in [
            "{",
            r"\sqrt{",
            r"\left(",
            r"\begin{matrix}",
            r"\large ",
            r"\rm ",
            r"\color{red}",
            r"\mathrm ",
            r"\frac1",
            r"\frac{1}",
            r"\sqrt[",
            r"\bgroup ",
            r"\begingroup ",
            r"\text{$",
            "{]",
            "{%}\n",
            r"{\}",
            r"\left\{",
            r"\displaystyle{",
            r"\cfrac 1 ",
            r"\binom\alpha ",
        ] {
            let source = nested.repeat(FORMULA_DEPTH + 1);
            assert!(!is_bounded(&source), "{nested} {:?}", depth(&source));
        }
    }

    #[test]
    fn definitions_are_refused() {
        for source in [r"\def\a{\rm\a}\a", r"\newcommand{\a}{x}", r"\let\a=b", r"\html@mathml{a}{b}", r"\url{%}{{"] {
            assert_eq!(depth(source), None, "{source}");
        }
    }

    /// Every command there is, repeated as often as the check allows: if one nests in a way that the check doesn't
    /// know, the parser ends the process here and not on a server. The stack is that of a server's thread.
    #[test]
    fn no_command_nests_unseen() {
        let names: Vec<String> =
            CONTEXT.functions.keys().cloned().chain(katex::macros::builtins::BUILTIN_MACROS.keys().map(ToString::to_string)).collect();
        assert!(names.len() > 500, "only {} commands found", names.len());
        let checker = std::thread::Builder::new().stack_size(2 << 20).spawn(move || {
            for name in &names {
                for (before, after) in [("", " "), ("", "{"), ("", " 1"), ("", "{1}"), ("", "[1]"), ("x^", " "), ("{", " ")] {
                    let unit = format!("{before}{name}{after}");
                    let mut source = unit.repeat(FORMULA_BYTES / unit.len());
                    // The longest prefix that passes, and the whole if it does.
                    while !source.is_empty() && !is_bounded(&source) {
                        source.truncate(source.len() / unit.len() / 2 * unit.len());
                    }
                    for tail in ["", "x"] {
                        let mut out = String::new();
                        MathWriter::default().write(&mut out, &format!("{source}{tail}"), false);
                        assert!(!out.is_empty());
                    }
                }
            }
        });
        checker.unwrap().join().unwrap();
    }
}
