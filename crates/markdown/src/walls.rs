//! Each wall alone against the hostile corpora, and against this crate's own list of tricks.

#[path = "../tests/promises/support/corpora.rs"]
mod corpora;
#[path = "../tests/promises/support/invariant.rs"]
mod invariant;

use crate::{Options, sanitize, write};

/// Ways for a hostile text into a message: as it is, and at each place where Markdown takes a text apart.
const PLACES: &[&str] = &[
    "{}",
    "[a]({})",
    "[a](<{}>)",
    "[{}](https://example.org)",
    "![{}](https://example.org/a.png)",
    "![a]({})",
    "<{}>",
    "[a](https://example.org \"{}\")",
    "[a](https://example.org '{}')",
    "`{}`",
    "```{}\nx\n```",
    "```rust\n{}\n```",
    "```math\n{}\n```",
    "$${}$$",
    "$x{}$",
    "\\text{{}}",
    "$\\text{{}}$",
    "$\\color{{}}x$",
    "$\\begin{{}}x$",
    "# {}",
    "> {}",
    "- {}",
    "- [ ] {}",
    "| {} |\n|---|\n| {} |",
    "a[^{}]\n\n[^{}]: {}",
    "[a]\n\n[a]: {} \"{}\"",
    "> [!NOTE] {}\n> {}",
    "**{}**",
    "~~{}~~",
    "www.example.org/{}",
    "https://example.org/{}",
    "```diff\n+{}\n```",
    "    {}",
];

fn hold(wall: impl Fn(&str) -> String) {
    let texts = corpora::hostile();
    for text in &texts {
        for place in PLACES {
            let message = place.replace("{}", text);
            let html = wall(&message);
            if let Some(violation) = invariant::violation(&html) {
                panic!("{violation}\nfrom {message:?}\nto {html:?}");
            }
        }
    }
}

#[test]
fn the_writer_holds_alone() {
    hold(|message| write::write(message, &Options::default()));
}

#[test]
fn the_sanitizer_holds_alone() {
    hold(sanitize::sanitize);
}

#[test]
fn the_sanitizer_keeps_no_trick() {
    for (html, kept) in [
        ("<p onclick=alert(1) style=color:red id=app>a</p>", "<p>a</p>"),
        ("<a href='javascript:alert(1)'>a</a>", "<a rel=\"noopener noreferrer nofollow ugc\">a</a>"),
        ("<a href='/logout'>a</a>", "<a rel=\"noopener noreferrer nofollow ugc\">a</a>"),
        ("<a href='#composer'>a</a>", "<a rel=\"noopener noreferrer nofollow ugc\">a</a>"),
        ("<img src=x onerror=alert(1)>", ""),
        ("<form action=//example.org><button>a</button></form>", "a"),
        ("<script>alert(1)</script><style>p{}</style>b", "b"),
        ("<span class='k sidebar'>a</span>", "<span class=\"k\">a</span>"),
        (
            "<li id=fn-1>a</li><li id=fn-x>b</li><li id='m1-fnref-1-2'>c</li>",
            "<li id=\"fn-1\">a</li><li>b</li><li id=\"m1-fnref-1-2\">c</li>",
        ),
        ("<math><annotation-xml encoding='text/html'><p>a</p></annotation-xml></math>", "<math></math>"),
        ("<math href='javascript:alert(1)'><mi xlink:href='javascript:alert(1)'>x</mi></math>", "<math><mi>x</mi></math>"),
        ("<math><mi mathcolor='url(x)' mathbackground='red'>x</mi></math>", "<math><mi mathbackground=\"red\">x</mi></math>"),
        ("<!-- a --><?b?>c", "c"),
    ] {
        assert_eq!(sanitize::sanitize(html), kept, "{html}");
    }
}

#[test]
fn an_input_is_a_dead_box_whatever_it_was() {
    let html = sanitize::sanitize("<input type=password disabled=no name=p onfocus=a() autofocus>");
    // The order of attributes that were not there before is the sanitizer's.
    let mut words: Vec<_> = html.trim_matches(['<', '>']).split(' ').collect();
    words.sort_unstable();
    assert_eq!(words, ["disabled=\"\"", "input", "type=\"checkbox\""]);
}

/// What the writer writes passes unchanged, byte for byte: so a page is the same whichever wall stands alone, and a
/// change to one that the other doesn't know shows here.
#[test]
fn the_second_wall_changes_nothing_of_the_first() {
    let lists = "- [ ] a\n- [x] b\n\n3. c\n\n> [!TIP]\n> d[^1]\n\n[^1]: e \u{202E} [f](/g) ![h](https://i.example)\n\n\
                 $$\\begin{aligned} a &= b \\\\ c &= \\mathbb{R} \\end{aligned}$$ $\\frac{$ <b>\n\n~~j~~\n\n***\n";
    for message in [include_str!("../README.md"), include_str!("../examples/chat.md"), lists] {
        let written = write::write(message, &Options { id_prefix: "m1-" });
        assert_eq!(sanitize::sanitize(&written), written);
    }
}
