//! Documents with much code end as rendered whole. Here and not outside, since on a busy machine the clock of
//! highlighting ends it at different lines.

use std::time::Duration;

use super::Streamed;
use crate::{Options, after_writing, parse, write};

const DOCUMENTS: [&str; 4] = [
    include_str!("../../README.md"),
    include_str!("../../examples/chat.md"),
    include_str!("../../../../tests/browser/much.md"),
    "1. a\n\n   ```rust\n   let a = \"b\n   c\";\n   ```\n\n   ```diff\n   -a\n   +b\n   ```\n\n2. c\n\n~~~~ python\n\"\"\"\n~~~\n\tx\n\"\"\"\n~~~~\n\n  ```js\n \t/* a\n  b */\n",
];

fn whole(text: &str) -> String {
    let arena = comrak::Arena::new();
    let mut writer = write::Writer::new("m1-".to_owned());
    writer.code.time_left = Duration::MAX;
    writer.message(parse::parse(&arena, text));
    after_writing(writer.out, text).into_string()
}

fn streamed(text: &str, size: usize) -> String {
    let mut streamed = Streamed::new(&Options { id_prefix: "m1-" });
    streamed.blocks.writer.code.time_left = Duration::MAX;
    let mut html = String::new();
    let characters: Vec<char> = text.chars().collect();
    for piece in characters.chunks(size) {
        streamed.push(&piece.iter().collect::<String>());
        html.extend(streamed.update().finished.iter().map(ToString::to_string));
    }
    html.extend(streamed.finish().finished.iter().map(ToString::to_string));
    html
}

#[test]
fn documents_end_as_rendered_whole() {
    for document in DOCUMENTS {
        let whole = whole(document);
        for size in [1, 4, 50, 1_000, 1_000_000] {
            assert!(streamed(document, size) == whole, "in pieces of {size}: {document}");
        }
    }
}
