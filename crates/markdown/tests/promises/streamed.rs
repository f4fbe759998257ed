//! A text that is rendered while it is being written.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use takeback_markdown::{Streamed, Tail, render_with};

use crate::random::message;
use crate::support::page::{OPTIONS, Page, merged, pieces, streamed};

fn whole(text: &str) -> String {
    render_with(text, &OPTIONS).into_string()
}

/// The page at the end of a text that came in pieces of this size.
fn finished(text: &str, size: usize) -> String {
    streamed(&pieces(text, size)).0
}

#[test]
fn every_example_of_the_specifications_ends_as_rendered_whole() {
    for name in ["commonmark", "gfm"] {
        let mut shown = 0;
        let examples = crate::spec::examples(name).unwrap_or_default();
        for example in &examples {
            for size in [1, 3, 7, usize::MAX] {
                let (after, before) = streamed(&pieces(&example.markdown, size));
                assert_eq!(after, whole(&example.markdown), "{name} {} in pieces of {size}", example.number);
                shown += usize::from(before == after);
            }
        }
        println!("{name}: {shown} of {} were so before the end was known", 4 * examples.len());
        assert!(examples.is_empty() || shown * 100 >= 4 * examples.len() * 85);
    }
}

const DOCUMENTS: [&str; 3] =
    [include_str!("../../README.md"), include_str!("../../examples/chat.md"), include_str!("../../../../tests/browser/much.md")];

/// That it is what the whole text gives is shown in `src/streamed/documents.rs`, where highlighting has all the time it
/// needs.
#[test]
fn documents_are_shown_whole_before_their_end_is_known() {
    for document in DOCUMENTS {
        for size in [1, 4, 50, 1_000, usize::MAX] {
            let (after, before) = streamed(&pieces(document, size));
            assert_eq!(merged(&before), merged(&after), "in pieces of {size}");
        }
    }
}

/// Where the page at the end is not what the whole text gives, and why. Whoever wants it to be renders the whole text
/// when it is there.
#[test]
fn what_is_not_known_in_time_stays_as_it_was_shown() {
    for (why, text, shown, whole_text) in [
        (
            "an address that is defined behind another block is not there yet",
            "[a]\n\nb\n\n[a]: https://a.example\n",
            "<p dir=\"auto\">[a]</p>\n<p dir=\"auto\">b</p>\n",
            "<p dir=\"auto\"><a href=\"https://a.example\" rel=\"noopener noreferrer nofollow ugc\">a</a></p>\n<p dir=\"auto\">b</p>\n",
        ),
        (
            "of an address that is defined twice, the nearer one counts",
            "[a]: /b\n\nc\n\n[a]\n\n[a]: /d\n",
            "<p dir=\"auto\">c</p>\n<p dir=\"auto\"><span class=\"unlinked\" title=\"/d\">a</span></p>\n",
            "<p dir=\"auto\">c</p>\n<p dir=\"auto\"><span class=\"unlinked\" title=\"/b\">a</span></p>\n",
        ),
        (
            "what looks like a footnote's mark is one, words or not",
            "a[^1] b\n\nc\n",
            "<p dir=\"auto\">a<sup class=\"footnote-ref\"><a id=\"m1-fnref-1-1\" href=\"#m1-fn-1\" rel=\"noopener noreferrer nofollow ugc\">1</a></sup> b</p>\n\
             <p dir=\"auto\">c</p>\n",
            "<p dir=\"auto\">a[^1] b</p>\n<p dir=\"auto\">c</p>\n",
        ),
        (
            "what does not look like one is none, unless its words come with it",
            "a[^ab] b\n\nc\n\n[^ab]: d\n",
            "<p dir=\"auto\">a[^ab] b</p>\n<p dir=\"auto\">c</p>\n",
            "<p dir=\"auto\">a<sup class=\"footnote-ref\"><a id=\"m1-fnref-1-1\" href=\"#m1-fn-1\" rel=\"noopener noreferrer nofollow ugc\">1</a></sup> b</p>\n\
             <p dir=\"auto\">c</p>\n<section class=\"footnotes\">\n<ol>\n<li id=\"m1-fn-1\" dir=\"auto\">\n<p dir=\"auto\">d</p>\n\
             <p class=\"footnote-back\"><a href=\"#m1-fnref-1-1\" aria-label=\"Back to reference 1\" rel=\"noopener noreferrer nofollow ugc\">↩</a> </p>\n\
             </li>\n</ol>\n</section>\n",
        ),
    ] {
        assert_eq!(finished(text, 1), shown, "{why}");
        assert_eq!(whole(text), whole_text, "{why}");
    }
}

#[test]
fn footnotes_end_as_rendered_whole() {
    for text in [
        "a[^1] b[^note]\n\n# c\n\nd[^1]\n\n[^1]: e\n\n[^note]: f[^2]\n\n[^2]: g\n\n    h\n",
        "a[^2] b[^1]\n\n[^1]: c\n[^2]: d\n\nafter[^1]\n\n- e\n",
        "[^x]: words first\n\na[^x]\n\nb\n",
        "a[^1]\n\n> [^1]: b\n\nc\n",
        "a[^1]\n\n[^1]: b\n\n[^9]: nobody mentions this\n\nc\n",
    ] {
        for size in [1, 2, 5, usize::MAX] {
            assert_eq!(finished(text, size), whole(text), "{text:?} in pieces of {size}");
        }
    }
}

#[test]
fn notes_stand_behind_what_is_still_being_written() {
    let (_, before) = streamed(&pieces("a[^1]\n\n[^1]: b\n\nmore wor", 1));
    let section = before.find("<section class=\"footnotes\">").unwrap();
    assert!(before.find("more wor").unwrap() < section, "{before}");
}

#[test]
fn addresses_that_finished_blocks_define_hold() {
    for text in [
        "[a b]: https://a.example \"t\"\n\nc\n\n[A  b] and [d][a b]\n",
        "x\n[a]\n\n[a]: <https://a.example>\n\nc [a] and more words, since a short text may insert little\n\n> [a]\n",
    ] {
        assert_eq!(finished(text, 1), whole(text), "{text:?}");
    }
}

/// What each token shows, for texts in which something is open at the end.
#[test]
fn what_is_half_open_is_shown_as_if_it_were_closed() {
    for (text, shown) in [
        ("Some **bold", "<p dir=\"auto\">Some <strong>bold</strong></p>\n"),
        ("Some **", "<p dir=\"auto\">Some</p>\n"),
        ("- a\n- some `code", "<ul>\n<li dir=\"auto\">a\n</li>\n<li dir=\"auto\">some <code dir=\"ltr\">code</code>\n</li>\n</ul>\n"),
        ("See [the page](https://exam", "<p dir=\"auto\">See <span class=\"unlinked\">the page</span></p>\n"),
        ("Here:\n-", "<p dir=\"auto\">Here:</p>\n"),
        ("Here:\n\n1", "<p dir=\"auto\">Here:</p>\n"),
        ("a\n\n##", "<p dir=\"auto\">a</p>\n"),
        ("a\n\n```ru", "<p dir=\"auto\">a</p>\n"),
        ("> [!WARN", ""),
        ("It costs $5 and", "<p dir=\"auto\">It costs $5 and</p>\n"),
        (
            "| a | b",
            "<div class=\"table\" tabindex=\"0\"><table>\n<thead>\n<tr>\n<th dir=\"auto\">a</th>\n<th dir=\"auto\">b</th>\n</tr>\n</thead>\n\
             </table></div>\n",
        ),
        ("# Head **bo", "<h1 dir=\"auto\">Head <strong>bo</strong></h1>\n"),
        ("a ~~b", "<p dir=\"auto\">a <del>b</del></p>\n"),
    ] {
        let (_, before) = streamed(&pieces(text, 1));
        assert_eq!(before, shown, "{text:?}");
    }
    let (_, formula) = streamed(&pieces("So $x^2 + \\frac{1}{2", 1));
    assert!(formula.contains("<mfrac>") && !formula.contains("math-error"), "{formula}");
}

/// Alone, the heads of these would begin something else.
#[test]
fn a_table_that_a_paragraph_runs_into_stays_one() {
    for text in ["a\n\tb | c\n--|--\nd | e\n\nf\n", "a\n2. b | c\n--|--\n\nf\n", "a\n<b> | c\n--|--\n"] {
        for size in [1, 3, usize::MAX] {
            assert_eq!(finished(text, size), whole(text), "{text:?}");
        }
    }
}

#[test]
fn open_code_gets_line_after_line() {
    // What a language costs the first time is no part of it: a message has a second for its highlighting.
    whole("```rust\nfn a() {}\n```\n");
    let mut streamed = Streamed::new(&OPTIONS);
    streamed.push("```rust\nfn a() {\n");
    let Tail::Whole(head) = streamed.update().tail else { panic!("the frame comes first") };
    assert!(head.as_str().starts_with("<div class=\"code\" dir=\"ltr\"><header><span>rust</span>"), "{head}");
    streamed.push("    le");
    assert_eq!(streamed.update().tail, Tail::Same);
    streamed.push("t b = 1;\n}\n");
    let Tail::MoreCode(more) = streamed.update().tail else { panic!("the lines are added") };
    assert_eq!(more.as_str(), "    <span class=\"k\">let</span> b <span class=\"o\">= </span><span class=\"n\">1</span>;\n}\n");
    streamed.push("```\n");
    let update = streamed.update();
    assert_eq!(update.finished.len(), 1);
    assert_eq!(update.finished[0].as_str(), whole("```rust\nfn a() {\n    let b = 1;\n}\n```\n"));
    assert_eq!(update.tail, Tail::Whole(takeback_markdown::SafeHtml::default()));
}

#[test]
fn a_text_that_becomes_too_long_goes_on_as_it_is() {
    let mut streamed = Streamed::new(&OPTIONS);
    let mut page = Page::default();
    let line = "some **words** & <more>\n\n";
    let (lines, mut more) = (60_000, 0);
    for _ in 0..lines {
        streamed.push(line);
        let update = streamed.update();
        more += usize::from(matches!(update.tail, Tail::MoreCode(_)));
        page.follow(update);
        assert!(page.tail.len() < 200_000);
    }
    page.follow(streamed.finish());
    assert!(more > 10_000, "the end grows piece by piece: {more}");
    assert_eq!(page.html().matches("some").count(), lines, "nothing is lost");
    assert!(page.finished[0].contains("<strong>words</strong>"));
    assert!(page.finished.last().unwrap().starts_with("<pre class=\"plain\""));
    let biggest = page.finished.iter().map(String::len).max().unwrap();
    assert!(biggest < 200_000, "{biggest}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() })]

    /// Footnotes and addresses by reference are apart: what they do differently is listed below.
    #[test]
    fn random_texts_end_as_rendered_whole(message in message(), sizes in prop::collection::vec(1usize..20, 1..60)) {
        let message = message.replace("]:", "] :").replace("[^", "[ ^");
        let mut cut = Vec::new();
        let mut rest = message.as_str();
        for size in sizes {
            let (piece, after) = rest.split_at(pieces(rest, size).first().map_or(0, |piece| piece.len()));
            cut.push(piece);
            rest = after;
        }
        cut.push(rest);
        prop_assert_eq!(streamed(&cut).0, whole(&message), "{:?}", cut);
        prop_assert_eq!(finished(&message, 1), whole(&message), "{:?}", message);
    }
}
