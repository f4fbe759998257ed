//! Texts made to be slow or to become huge. What is asserted are sizes; a hang fails after a minute.

use std::sync::mpsc;
use std::time::Duration;

use takeback_markdown::render;

use crate::support::invariant;

/// Renders on a stack like a server thread's, and fails instead of waiting for ever.
fn rendered(message: String) -> String {
    let (send, receive) = mpsc::channel();
    std::thread::Builder::new().stack_size(2 << 20).spawn(move || send.send(render(&message).into_string())).unwrap();
    receive.recv_timeout(Duration::from_mins(1)).expect("the rendering ends within a minute")
}

/// Repeats a piece until the message has this many bytes.
fn filled(piece: &str, bytes: usize) -> String {
    piece.repeat(bytes / piece.len())
}

/// Bytes of each hostile message: large enough that anything quadratic shows as a hang.
const BYTES: usize = 100_000;

#[test]
fn repeated_pieces_stay_linear() {
    for piece in [
        ">",
        "> ",
        "- ",
        "1. ",
        "* * ",
        "*",
        "**",
        "_",
        "*a_ ",
        "**a *b ",
        "a**b",
        "[",
        "![",
        "[a](",
        "[a][",
        "[]",
        "[a](b",
        "![a](",
        "<",
        "</",
        "<!--",
        "<?",
        "<!A ",
        "<![CDATA[",
        "<a ",
        "&",
        "&amp;",
        "&#35;",
        "`",
        "` ``",
        "``a`",
        "~~",
        "~~a",
        "$",
        "$$",
        "$a",
        "$$a",
        "\\(",
        "\\[",
        "\\(a\\)",
        "$`",
        "[^",
        "[^1]",
        "[^1]: ",
        "[^a]: b\n\n",
        "[a]: b\n",
        "[a]: ",
        "|",
        "|-",
        "|-|\n",
        "| a ",
        "\\",
        "\\\n",
        "\n",
        "  \n",
        "\t",
        "#",
        "# a\n",
        "---\n",
        "===\n",
        "```\n",
        "~~~\n",
        "    a\n\n",
        "http://",
        "https://a.b/(",
        "www.",
        "www.a.b&amp;",
        "a@",
        "a@b.c ",
        "mailto:",
        "- [ ] ",
        "> [!NOTE]\n",
        "> - ",
        "- > ",
        "\u{0}",
        "\u{202E}",
        "\u{E0041}",
        "a\u{200D}",
        "\\[\\(",
        "&#x0;",
        "<br>",
        "a\r",
        "((((((",
        "))))))",
        "::",
        "_a__b_",
        "***a** b* ",
        "*a **b ",
        "\"",
        "'",
        "!",
        "]( ",
        "][",
        "](",
        "<b>",
        "{",
        "}",
    ] {
        let html = rendered(filled(piece, BYTES));
        assert!(html.len() <= 60 * BYTES, "{piece:?}: {} bytes", html.len());
    }
}

#[test]
fn deep_nesting_becomes_text() {
    for (open, close) in [
        ("> ", ""),
        ("- ", ""),
        ("1. ", ""),
        ("*a **b ", ""),
        ("[", "](https://example.org)"),
        ("![", "](https://example.org)"),
        ("**", "**"),
        ("*", "*"),
        ("~~a ", " b~~"),
        ("[^1]: ", ""),
        ("> - ", ""),
        ("*a ", " a*"),
        ("_(", ")_"),
    ] {
        let message = format!("{}x{}", open.repeat(20_000), close.repeat(20_000));
        let html = rendered(message);
        assert_eq!(invariant::violation(&html), None, "{open:?}");
    }
}

#[test]
fn deep_text_is_all_there() {
    let html = rendered(format!("{}the end", "> ".repeat(500)));
    assert!(html.contains("the end"));
    assert_eq!(html.matches("<blockquote>").count(), 99);
    let html = rendered(format!("{}- `the` **end**", "> ".repeat(98)));
    assert!(html.contains("the end"), "{html}");
}

#[test]
fn tables_do_not_explode() {
    let columns = 10_000;
    let wide = format!("|{}\n|{}\n|{}\n", "a|".repeat(columns), "-|".repeat(columns), "b|".repeat(columns));
    let html = rendered(wide);
    assert_eq!(html.matches("<td").count(), columns);
    // Each row says one cell, and the parser adds 9,999.
    let holes = format!("|{}\n|{}\n{}", "a|".repeat(columns), "-|".repeat(columns), "|b|\n".repeat(20_000));
    let bytes = holes.len();
    let html = rendered(holes);
    assert!(html.len() < 20 * bytes, "{} from {bytes}", html.len());
    assert!(html.matches("<td></td>").count() <= 10_000);
    let rows = format!("|a|b|\n|-|-|\n{}", "|c|d|\n".repeat(50_000));
    assert_eq!(rendered(rows).matches("<tr>").count(), 50_001);
}

#[test]
fn references_do_not_explode() {
    let address = format!("https://example.org/{}", "a".repeat(1_000));
    let message = format!("[a]: {address}\n\n{}", "[a] ".repeat(100_000));
    let bytes = message.len();
    assert!(rendered(message).len() < 20 * bytes);

    let definitions: String = (0..3_000).map(|n| format!("[a{n}]: https://example.org/{n}\n")).collect();
    let uses: String = (0..3_000).map(|n| format!("[a{n}]\n")).collect();
    assert_eq!(rendered(format!("{definitions}\n{uses}")).matches("<a href").count(), 3_000);
}

#[test]
fn footnotes_do_not_explode() {
    let notes: String = (0..5_000).map(|n| format!("[^{n}]: see [^{}] and [^{n}]\n\n", (n + 1) % 5_000)).collect();
    let message = format!("a[^0]\n\n{notes}");
    let bytes = message.len();
    let html = rendered(message);
    assert!(html.len() < 60 * bytes, "{} from {bytes}", html.len());
    let one = format!("{}\n\n[^1]: b", "a[^1] ".repeat(50_000));
    assert_eq!(rendered(one).matches("Back to reference").count(), 20);
}

#[test]
fn formulas_do_not_explode() {
    for formula in [
        "{".repeat(8_000),
        "\\frac1".repeat(1_300),
        "\\sqrt{".repeat(1_300),
        "x^{".repeat(2_000),
        "\\left(".repeat(1_300),
        "\\def\\a{\\a\\a}\\a".to_owned(),
        "\\mathrm ".repeat(1_000),
        "\\large".repeat(1_300),
        "\\dots".repeat(1_500),
        format!("\\begin{{matrix}}{}\\end{{matrix}}", "a&".repeat(3_900)),
        "\\\\".repeat(4_000),
        "a_".repeat(4_000),
        format!("\\begin{{array}}{{{}}}a\\end{{array}}", "c".repeat(7_000)),
        "'".repeat(8_000),
        "x".repeat(8_000),
        "\\kern{99999em}".repeat(500),
        "\\rule{9999em}{9999em}".repeat(300),
        "\\text{a}".repeat(1_000),
    ] {
        let html = rendered(format!("$${formula}$$"));
        assert!(html.len() < 400_000, "{}: {}", &formula[..20.min(formula.len())], html.len());
        assert_eq!(invariant::violation(&html), None);
    }
    let html = rendered("$x$ ".repeat(250_000));
    assert_eq!(html.matches("<math>").count(), 2_000);
}

#[test]
fn a_text_that_is_too_long_is_shown_whole() {
    let message = format!("\n\n# a <b>\n{}", "**c**\n".repeat(200_000));
    let html = rendered(message.clone());
    assert_eq!(invariant::violation(&html), None);
    let page = scraper::Html::parse_fragment(&html);
    assert_eq!(page.root_element().text().collect::<String>().trim_end(), message.trim_end());
    assert!(html.starts_with("<pre class=\"plain\" tabindex=\"0\" dir=\"auto\"><code>\n\n# a &lt;b&gt;\n"));
}

/// These cost the grammars seconds for a few kilobytes; the time that highlighting may take ends it.
#[test]
fn hostile_code_ends_and_is_all_there() {
    for language in ["less", "scss", "tsx", "lisp", "python"] {
        for line in ["a-", " ", "A"] {
            let code = format!("{}x\n", filled(line, 290)).repeat(100);
            let html = rendered(format!("```{language}\n{code}```\n"));
            assert!(html.len() < 60 * code.len(), "{language} {line:?}: {}", html.len());
            let page = scraper::Html::parse_fragment(&html);
            let text = page.root_element().text().collect::<String>();
            assert!(text.trim_end().ends_with(code.trim_end()), "{language} {line:?}");
        }
    }
}
