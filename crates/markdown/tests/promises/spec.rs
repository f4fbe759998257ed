//! Every example of `CommonMark` and GFM, against the specification's own HTML changed by our deliberate differences
//! (`support::normal`). Examples that differ for a reason of their own are listed here by number.

use comrak::Options;
use serde_json::Value;

use crate::support::{corpora, normal};

pub(crate) struct Example {
    pub(crate) number: u64,
    pub(crate) markdown: String,
    html: String,
}

/// Why an example's HTML can't be derived from the specification's.
#[derive(Clone, Copy, PartialEq)]
enum Reason {
    /// It holds raw HTML, or text that is raw HTML to a parser: shown as text.
    RawHtml,
    /// It shows that an address is not linked by the core rules; by GFM's extension it is.
    Autolink,
    /// It escapes brackets, which are a formula's here; or it needs GFM's tag filter, which has nothing to do where
    /// all HTML is text. What comes out instead.
    Instead(&'static str),
}

const BRACKETS: &str = "<p>!\"#$%&amp;'()*+,-./:;&lt;=&gt;?@<math><semantics><mrow><mspace></mspace></mrow>\
     <annotation>\\\\</annotation></semantics></math>^_`{|}~</p>";

const FILTERED: &str = "<p>&lt;strong&gt; &lt;title&gt; &lt;style&gt; &lt;em&gt;</p>&lt;blockquote&gt;\n\
     &lt;xmp&gt; is disallowed.  &lt;XMP&gt; is also disallowed.\n&lt;/blockquote&gt;";

const COMMONMARK: &[(Reason, &[u64])] = &[
    (
        Reason::RawHtml,
        &[
            21, 31, 148, 149, 150, 151, 152, 153, 154, 155, 156, 157, 158, 159, 160, 161, 162, 163, 164, 165, 166, 167, 168, 169, 170, 171,
            172, 173, 174, 175, 176, 177, 178, 179, 180, 181, 182, 183, 184, 185, 186, 187, 188, 189, 190, 191, 192, 193, 203, 310, 311,
            346, 477, 478, 479, 493, 496, 526, 538, 615, 616, 617, 618, 619, 625, 627, 628, 629, 630, 631, 632, 633, 645, 646,
        ],
    ),
    (Reason::Autolink, &[604, 610, 613, 614]),
    (Reason::Instead(BRACKETS), &[12]),
];
const GFM: &[(Reason, &[u64])] = &[
    (
        Reason::RawHtml,
        &[
            118, 119, 120, 121, 122, 123, 124, 125, 126, 127, 128, 129, 130, 131, 132, 133, 134, 135, 136, 137, 138, 139, 140, 141, 142,
            143, 144, 145, 146, 147, 148, 149, 150, 151, 152, 153, 154, 155, 156, 157, 158, 159, 160, 170, 288, 289, 317, 327, 354, 484,
            485, 486, 500, 503, 532, 544, 632, 633, 634, 635, 636, 642, 644, 647, 648, 649, 650, 651, 663, 664,
        ],
    ),
    (Reason::Autolink, &[610, 616, 619, 620]),
    (Reason::Instead(BRACKETS), &[308]),
    (Reason::Instead(FILTERED), &[653]),
];

#[test]
fn commonmark() {
    check("commonmark", 655, COMMONMARK);
}

#[test]
fn gfm() {
    check("gfm", 673, GFM);
}

fn check(name: &str, count: usize, listed: &[(Reason, &[u64])]) {
    let Some(examples) = examples(name) else {
        return;
    };
    assert_eq!(examples.len(), count);
    let mut failures = String::new();
    for example in &examples {
        let ours = normal::ours(takeback_markdown::render(&example.markdown).as_str());
        let reason = listed.iter().find(|(_, numbers)| numbers.contains(&example.number)).map(|(reason, _)| *reason);
        let expected = match reason {
            None => normal::expected(&example.html),
            Some(Reason::Instead(html)) => html.to_owned(),
            Some(Reason::RawHtml | Reason::Autolink) => {
                // The difference must be ours alone: the parser, with what is core to the specification, agrees with
                // it to the letter; and what we show is what the parser reads, its raw HTML escaped.
                let core = comrak::markdown_to_html(&example.markdown, &core_options(name));
                if exact(&core) != exact(&example.html) {
                    failures.push_str(&format!("== {name} {} core\n{core}\n--\n{}\n", example.number, example.html));
                }
                if normal::expected(&example.html) == ours {
                    failures.push_str(&format!("== {name} {} is listed without need\n", example.number));
                }
                normal::expected(&comrak::markdown_to_html(&example.markdown, &escaped_options()))
            }
        };
        if ours != expected {
            failures.push_str(&format!("== {name} {}\n{}\n-- expected\n{expected}\n-- ours\n{ours}\n", example.number, example.markdown));
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

/// The examples as `spec.txt` has them. `spec.json`, which is made from it, lost the Markdown of GFM's extensions;
/// everything it did keep must agree.
pub(crate) fn examples(name: &str) -> Option<Vec<Example>> {
    let text = corpora::read(&format!("markdown/{name}/spec.txt"))?;
    let json: Value = serde_json::from_str(&corpora::read(&format!("markdown/{name}/spec.json"))?).unwrap();
    let fence = "`".repeat(32);
    let mut examples = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if !line.strip_prefix(&fence).is_some_and(|rest| rest.trim_start().starts_with("example")) {
            continue;
        }
        let until = |lines: &mut std::str::Lines<'_>, end: &str| {
            lines.take_while(|line| *line != end).map(|line| format!("{line}\n")).collect::<String>().replace('→', "\t")
        };
        let number = u64::try_from(examples.len()).unwrap() + 1;
        let example = Example { number, markdown: until(&mut lines, "."), html: until(&mut lines, &fence) };
        let recorded = &json[examples.len()];
        assert_eq!(recorded["example"].as_u64(), Some(number));
        assert_eq!(recorded["html"].as_str(), Some(example.html.as_str()), "{name} {number}");
        let markdown = recorded["markdown"].as_str().unwrap();
        assert!(markdown.is_empty() || markdown == example.markdown, "{name} {number}");
        examples.push(example);
    }
    Some(examples)
}

fn core_options(name: &str) -> Options<'static> {
    let mut options = Options::default();
    options.render.r#unsafe = true;
    if name == "gfm" {
        options.extension.table = true;
        options.extension.strikethrough = true;
    }
    options
}

fn escaped_options() -> Options<'static> {
    let mut options = Options::default();
    options.render.escape = true;
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    options.extension.tasklist = true;
    options
}

fn exact(html: &str) -> String {
    html.lines().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}
