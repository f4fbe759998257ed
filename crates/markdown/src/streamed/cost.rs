//! What rendering a growing text costs, without a clock: bytes that the parser is given.

use super::{State, Streamed, Tail};
use crate::Options;

/// Length of each text.
const BYTES: usize = 100_000;

struct Cost {
    parsed: usize,
    sent: usize,
}

/// Pushes `text` so many bytes at a time, with an update each.
fn cost(text: &str, size: usize) -> Cost {
    let mut streamed = Streamed::new(&Options::default());
    let mut sent = 0;
    for piece in text.as_bytes().chunks(size) {
        streamed.push(&String::from_utf8_lossy(piece));
        let update = streamed.update();
        sent += update.finished.iter().map(|html| html.as_str().len()).sum::<usize>();
        sent += match update.tail {
            Tail::Same => 0,
            Tail::Whole(html) | Tail::MoreCode(html) => html.as_str().len(),
        };
    }
    Cost { parsed: streamed.blocks.parsed, sent }
}

fn filled(begin: &str, piece: &str, bytes: usize) -> String {
    format!("{begin}{}", piece.repeat(bytes / piece.len()))
}

/// What answers are made of, and never ends: what all stands behind, and what comes again and again.
const USUAL: &[(&str, &str)] = &[
    ("", "word "),
    ("", "a line of a paragraph\n"),
    ("", "- an item\n"),
    ("- ```rust\n", "  let a = 1;\n"),
    ("| a | b |\n|---|---|\n", "| c | d |\n"),
    ("> ", "quoted words\n> "),
    ("<div>\n", "raw html\n"),
    ("    ", "indented code\n    "),
    ("```\n", "code\n"),
    ("```rust\n", "let a = \"b\";\n"),
    ("$$\n", "x + "),
    ("", "a[^1] "),
    ("", "[a]: /b\n"),
    ("", "**a "),
];

/// Pieces that open something, or that something is made of for each of them; a quarter of the length shows as much.
const UNUSUAL: &[(&str, &str)] = &[
    ("", "- an item\n\n"),
    ("", "1. an item with `code` and **bold**\n   - and one in it\n"),
    ("", "- ```rust\n  let a = 1;\n  ```\n"),
    ("", "| a | b |\n"),
    ("> [!NOTE]\n", "> quoted words\n"),
    ("<!--\n", "raw html\n\n"),
    ("```rust\n/*", "comment "),
    ("```\n", "x"),
    ("```math\n", "x + "),
    ("[^1]: ", "words of a note\n    "),
    ("a[^1]\n\n[^1]: ", "words\n\nb\n\n[^2]: "),
    ("", "[a]: /b\n\nc [a]\n\n"),
    ("", "**a `b "),
    ("", "[a](b "),
    ("", "[a "),
    ("", "$x^2 "),
    ("", "\\(x "),
    ("", ">"),
    ("", "> "),
    ("", "- "),
    ("", "#"),
    ("", "\n"),
    ("", "a\n\n"),
    ("", "# a\n"),
    ("", "---\n"),
    ("", "```\n"),
    ("", "|"),
    ("", "]:"),
    ("", "[a]:"),
    ("", "[^a]: b\n\n"),
    ("", "[^1"),
];

#[test]
fn every_byte_is_parsed_a_bounded_number_of_times() {
    let texts = USUAL.iter().map(|shape| (shape, BYTES)).chain(UNUSUAL.iter().map(|shape| (shape, BYTES / 4)));
    for ((begin, piece), bytes) in texts {
        let text = filled(begin, piece, bytes);
        let Cost { parsed, sent } = cost(&text, 16);
        assert!(parsed <= 60 * bytes, "{begin:?} {piece:?}: {} for a byte", parsed / bytes);
        assert!(sent <= 250 * bytes, "{begin:?} {piece:?}: {} for a byte", sent / bytes);
    }
}

#[test]
fn open_code_is_never_parsed() {
    let text = filled("```rust\n", "let a = 1;\n", BYTES);
    let Cost { parsed, sent } = cost(&text, 16);
    assert!(parsed < 1_000, "{parsed}");
    assert!(sent < 10 * BYTES, "{sent}");
}

#[test]
fn a_finished_text_is_forgotten() {
    let mut streamed = Streamed::new(&Options::default());
    for _ in 0..BYTES / 10 {
        streamed.push("a word\n\n");
        streamed.update();
    }
    assert!(streamed.open.capacity() < 1_000, "{}", streamed.open.capacity());
}

/// A parser that gives up, as [`crate::render_with`] has it: the words stay.
#[test]
fn a_defect_costs_the_rest_its_markup() {
    let mut streamed = Streamed::new(&Options::default());
    streamed.push("**a**\n\n**b**");
    streamed.update();
    streamed.state = State::Plain(String::new());
    streamed.push(" <c>\n");
    let update = streamed.update();
    assert_eq!(update.tail, Tail::Whole(streamed.tail()));
    assert_eq!(streamed.tail().as_str(), "<pre class=\"plain\" tabindex=\"0\" dir=\"auto\"><code>**b** &lt;c&gt;\n</code></pre>\n");
}

#[test]
fn what_was_held_back_is_shown_while_the_text_pauses() {
    let mut streamed = Streamed::new(&Options::default());
    let mut was_behind = 0;
    let rows = 2_000;
    streamed.push("| a | b |\n|---|---|\n");
    for row in 0..rows {
        streamed.push(&format!("| c{row} | d |\n"));
        streamed.update();
        was_behind += usize::from(streamed.is_behind());
    }
    streamed.push("| last | d |\n");
    streamed.update();
    let mut pauses = 0;
    while streamed.is_behind() {
        streamed.catch_up();
        pauses += 1;
    }
    assert!(was_behind > rows / 2 && (1..=3).contains(&pauses), "{was_behind} of {rows}, {pauses}");
    assert!(streamed.tail().as_str().contains("last"));
}
