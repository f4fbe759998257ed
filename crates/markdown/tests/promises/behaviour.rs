//! What the README promises, one test per line of it.

use takeback_markdown::{Options, render, render_with};

fn html(markdown: &str) -> String {
    render(markdown).into_string()
}

const REL: &str = "rel=\"noopener noreferrer nofollow ugc\"";

#[test]
fn raw_html_is_text() {
    assert_eq!(
        html("<div onclick=\"a()\">\n*b*\n</div>\n\nc <b>d</b>"),
        "<p class=\"raw-html\" dir=\"auto\">&lt;div onclick=\"a()\"&gt;\n*b*\n&lt;/div&gt;</p>\n\
         <p dir=\"auto\">c &lt;b&gt;d&lt;/b&gt;</p>\n"
    );
}

#[test]
fn breaks_in_cells_are_breaks() {
    let table = html("| a<br>b<BR/>c<br />d<br onload=e> |\n|---|\n| f |\n\ng<br>h");
    assert!(table.contains("a<br>b<br>c<br>d&lt;br onload=e&gt;</th>"), "{table}");
    assert!(table.contains("g&lt;br&gt;h"), "{table}");
}

#[test]
fn links_say_that_they_lead_away() {
    assert_eq!(
        html("[a](https://example.org \"b\")"),
        format!("<p dir=\"auto\"><a href=\"https://example.org\" title=\"b\" {REL}>a</a></p>\n")
    );
    assert!(html("www.example.org").contains("<a href=\"http://www.example.org\""));
    assert!(html("a@example.org").contains("<a href=\"mailto:a@example.org\""));
}

#[test]
fn what_cannot_be_a_link_is_text() {
    for (address, hint) in [
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("java&#115;cript:alert(1)", "javascript:alert(1)"),
        ("&#9;javascript:alert(1)", "javascript:alert(1)"),
        ("data:text/html;base64,a", "data:text/html;base64,a"),
        ("vbscript:a", "vbscript:a"),
        ("file:///etc/passwd", "file:///etc/passwd"),
        ("/settings", "/settings"),
        ("//example.org", "//example.org"),
        ("#composer", "#composer"),
        ("src/main.rs", "src/main.rs"),
    ] {
        let html = html(&format!("[a]({address})"));
        assert!(!html.contains("href"), "{html}");
        assert!(html.contains("class=\"unlinked\"") && html.contains(hint.trim_start_matches('\t')), "{html}");
    }
}

#[test]
fn images_are_links_that_say_where_they_lead() {
    assert_eq!(
        html("![a *diagram*](https://Example.org/a.png \"t\")"),
        format!(
            "<p dir=\"auto\"><a class=\"remote-image\" href=\"https://Example.org/a.png\" title=\"t\" {REL}>\
             a diagram (example.org)</a></p>\n"
        )
    );
    assert!(html("![](https://bücher.example/a.png)").contains(">image (xn--bcher-kva.example)</a>"));
    assert!(!html("![a](data:image/png;base64,AAAA)").contains("href"));
    assert!(html("[![badge](https://a.example/b.svg)](https://c.example)").contains("\">badge</a>"));
}

#[test]
fn code_has_a_name_and_can_be_scrolled() {
    assert_eq!(
        html("```python\nprint(1)\n```"),
        "<div class=\"code\" dir=\"ltr\"><header><span>python</span></header><pre tabindex=\"0\"><code>\
         <span class=\"f\">print</span>(<span class=\"n\">1</span>)\n</code></pre></div>\n"
    );
}

#[test]
fn money_is_not_a_formula() {
    for text in ["$5 and $10", "from $5 to $10.", "US$5/CA$7", "it costs $ 5 or 5 $.", "\\$a\\$", "$HOME and $PATH"] {
        assert!(!html(text).contains("<math"), "{text}: {}", html(text));
    }
    for text in ["$x$", "$x_1$, $x_2$", "\\(x\\)", "$$x$$", "\\[x\\]", "```math\nx\n```", "a $5x$ b"] {
        assert!(html(text).contains("<math"), "{text}: {}", html(text));
    }
}

#[test]
fn blocks_of_math_can_be_scrolled() {
    assert!(html("$$x$$").contains("<span class=\"math-block\" tabindex=\"0\"><math display=\"block\">"));
    assert!(html("```math\nx\n```").contains("<div class=\"math-block\" tabindex=\"0\"><math display=\"block\">"));
}

#[test]
fn tasks_are_boxes_with_a_name() {
    assert_eq!(
        html("- [ ] a\n- [x] b"),
        "<ul class=\"tasks\">\n\
         <li class=\"task\" dir=\"auto\"><input type=\"checkbox\" disabled=\"\" aria-label=\"not done\"> a\n</li>\n\
         <li class=\"task\" dir=\"auto\"><input type=\"checkbox\" checked=\"\" disabled=\"\" aria-label=\"done\"> b\n</li>\n\
         </ul>\n"
    );
}

#[test]
fn footnotes_of_many_messages_do_not_meet() {
    let html = render_with("a[^x] b[^x]\n\n[^x]: c", &Options { id_prefix: "m7-" }).into_string();
    for part in [
        "<sup class=\"footnote-ref\"><a id=\"m7-fnref-1-1\" href=\"#m7-fn-1\"",
        "<a id=\"m7-fnref-1-2\" href=\"#m7-fn-1\"",
        "<li id=\"m7-fn-1\" dir=\"auto\">",
        "<a href=\"#m7-fnref-1-2\"",
        "aria-label=\"Back to reference 1\"",
    ] {
        assert!(html.contains(part), "{part} not in {html}");
    }
}

#[test]
fn a_reference_in_a_link_is_no_second_link() {
    let html = html("[a[^1]](https://example.org)\n\n[^1]: b");
    assert!(!html.contains("id=\"fnref-1-1\"") || !html.contains("<a href=\"https://example.org\""), "{html}");
}

#[test]
fn alerts_are_notes() {
    assert_eq!(
        html("> [!WARNING]\n> a"),
        "<div class=\"alert alert-warning\" role=\"note\">\n<p class=\"alert-title\" dir=\"auto\">Warning</p>\n\
         <p dir=\"auto\">a</p>\n</div>\n"
    );
}

#[test]
fn tables_keep_their_alignment_and_can_be_scrolled() {
    let html = html("| a | b |\n|:-:|--:|\n| c |");
    assert!(html.starts_with("<div class=\"table\" tabindex=\"0\"><table>"), "{html}");
    assert!(html.contains("<th align=\"center\" dir=\"auto\">a</th>") && html.contains("<td align=\"right\"></td>"));
}

#[test]
fn the_first_paragraph_of_an_item_leaves_the_direction_to_it() {
    assert!(html("- a\n\n  b").contains("<li dir=\"auto\"><p>a</p>\n<p dir=\"auto\">b</p>"), "{}", html("- a\n\n  b"));
}

#[test]
fn nul_and_other_controls_are_visible() {
    assert_eq!(html("a\0b\u{1b}[1m"), "<p dir=\"auto\">a\u{FFFD}b␛[1m</p>\n");
    assert_eq!(html(""), "");
    assert_eq!(html("\u{FEFF}a"), "<p dir=\"auto\">a</p>\n");
}

#[test]
fn strikethrough_and_emphasis_beside_ideographs() {
    assert_eq!(html("~~a~~ **「b」**c"), "<p dir=\"auto\"><del>a</del> <strong>「b」</strong>c</p>\n");
}
