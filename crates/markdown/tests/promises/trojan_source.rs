//! Code that reads differently from what it is (Boucher and Anderson, "Trojan Source", CVE-2021-42574).

use takeback_markdown::render;

use crate::support::corpora;

const REORDERING: &[char] = &['\u{202A}', '\u{202B}', '\u{202C}', '\u{202D}', '\u{202E}', '\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}'];

const FILES: &[&str] = &[
    "JavaScript/commenting-out.js.txt",
    "JavaScript/homoglyph-function.js.txt",
    "JavaScript/invisible-function.js.txt",
    "JavaScript/stretched-string.js.txt",
    "Python/commenting-out.py.txt",
    "Python/early-return.py.txt",
    "Python/homoglyph-function.py.txt",
    "Python/invisible-function.py.txt",
    "Rust/commenting-out.rs.txt",
    "Rust/homoglyph-function.rs.txt",
    "Rust/invisible-function.rs.txt",
    "Rust/stretched-string.rs.txt",
];

#[test]
fn code_shows_what_it_is() {
    for file in FILES {
        let Some(code) = corpora::read(&format!("unicode/trojan-source/{file}")) else {
            return;
        };
        let language = file.trim_end_matches(".txt").rsplit('.').next().unwrap();
        let expected = code.chars().filter(|c| REORDERING.contains(c) || *c == '\u{200B}').count();
        assert!(expected > 0 || file.contains("homoglyph"), "{file} holds nothing to show");
        for message in [
            format!("```{language}\n{code}\n```\n"),
            format!("```\n{code}\n```\n"),
            format!("```diff\n{code}\n```\n"),
            format!("`{}`", code.replace(['\n', '`'], " ")),
        ] {
            let html = render(&message).into_string();
            assert!(!html.contains(REORDERING) && !html.contains('\u{200B}'), "{file}: {html}");
            let shown = ["U+202", "U+206", "U+200B"].iter().map(|mark| html.matches(mark).count()).sum::<usize>();
            assert_eq!(shown, expected, "{file}: {html}");
        }
    }
}

#[test]
fn prose_keeps_isolates_within_its_block_and_shows_overrides() {
    let html = render("a \u{2067}b\u{2069} \u{202E}c\n\nd").into_string();
    assert_eq!(html, "<p dir=\"auto\">a \u{2067}b\u{2069} <span class=\"invisible\">U+202E</span>c</p>\n<p dir=\"auto\">d</p>\n");
}

#[test]
fn links_show_what_they_are() {
    let html = render("[exam\u{2067}ple](https://example.org \"a\u{202E}b\") https://example.org/\u{200B}a").into_string();
    assert!(!html.contains(REORDERING) && !html.contains('\u{200B}'), "{html}");
    assert!(html.contains("exam<span class=\"invisible\">U+2067</span>ple"), "{html}");
}

#[test]
fn every_block_is_its_own_bidi_paragraph() {
    let html = render("# a\n\nb\n\n- c\n\n> d\n\n| e |\n|---|\n| f |\n\n`g`").into_string();
    for block in [
        "<h1 dir=\"auto\">",
        "<p dir=\"auto\">b",
        "<li dir=\"auto\">",
        "<p dir=\"auto\">d",
        "<th dir=\"auto\">",
        "<td dir=\"auto\">",
        "<code dir=\"ltr\">",
    ] {
        assert!(html.contains(block), "{block} not in {html}");
    }
}
