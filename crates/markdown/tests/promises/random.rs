//! Random texts out of the pieces that Markdown, HTML and formulas are made of.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use takeback_markdown::render;

use crate::support::{invariant, page};

const PIECES: &[&str] = &[
    "*",
    "**",
    "_",
    "~~",
    "`",
    "```",
    "~~~",
    "```rust\n",
    "```math\n",
    "[",
    "]",
    "(",
    ")",
    "![",
    "](",
    "[^1]",
    "[^1]: ",
    "[a]: ",
    "<",
    ">",
    "</",
    "/>",
    "<!--",
    "-->",
    "<![CDATA[",
    "<script>",
    "</script>",
    "<a href=",
    "<img src=x onerror=",
    "javascript:",
    "data:text/html,",
    "https://example.org",
    "//example.org",
    "mailto:",
    "&",
    "&lt;",
    "&#x6a;",
    "\"",
    "'",
    "=",
    "\n",
    "\n\n",
    "  \n",
    "\t",
    "    ",
    "- ",
    "1. ",
    "- [ ] ",
    "- [x] ",
    "> ",
    "> [!NOTE]\n",
    "# ",
    "---\n",
    "|",
    "|---|\n",
    ":-:",
    "$",
    "$$",
    "\\(",
    "\\)",
    "\\[",
    "\\]",
    "\\frac{",
    "\\text{",
    "{",
    "}",
    "^",
    "\\",
    "\0",
    "\u{202E}",
    "\u{2067}",
    "\u{200B}",
    "\u{FEFF}",
    "\u{E0041}",
    "ä",
    "漢",
    "🏴",
    "a",
    "b c",
    "<math>",
    "<mi>",
    "<style>",
    "</p>",
    "</code></pre>",
    "onclick=",
    "www.example.org",
    "a@example.org",
];

pub(crate) fn message() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => prop::sample::select(PIECES).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => "[a-z ]{1,8}",
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() })]

    #[test]
    fn nothing_gets_through(message in message()) {
        let html = render(&message).into_string();
        prop_assert_eq!(invariant::violation(&html), None, "{}", html);
    }

    #[test]
    fn the_same_text_gives_the_same_bytes(message in message()) {
        prop_assert_eq!(render(&message), render(&message));
    }

    #[test]
    fn nothing_gets_through_half_open(message in message(), size in 1usize..10) {
        page::streamed(&page::pieces(&message, size));
    }
}
