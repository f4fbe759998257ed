//! Hostile texts through the whole renderer. With a `sabotage-…` feature one of the walls is off, and the other has
//! to hold alone.

use takeback_markdown::{Options, render, render_with};

use crate::support::{corpora, invariant, page};

#[test]
fn no_hostile_text_gets_through() {
    for text in corpora::hostile() {
        for message in [
            text.clone(),
            format!("[a]({text})"),
            format!("![{text}](https://example.org/{text})"),
            format!("```{text}\n{text}\n```"),
            format!("${text}$ and `{text}` and **{text}**"),
            format!("| a |\n|---|\n| {} |", text.replace('\n', " ")),
        ] {
            let html = render(&message).into_string();
            if let Some(violation) = invariant::violation(&html) {
                panic!("{violation}\nfrom {message:?}\nto {html:?}");
            }
        }
    }
}

/// The same while they are being written, whatever is open just then.
#[test]
fn no_hostile_text_gets_through_half_open() {
    for (number, text) in corpora::hostile().into_iter().enumerate() {
        // A step for every character; the long ones are many of the short ones in a file.
        let size = 1 + text.len() / 500;
        let message = match number % 4 {
            0 => format!("a\n\n{text}"),
            1 => format!("[a]({text})"),
            2 => format!("```{text}\n{text}\n"),
            _ => format!("| a |\n|---|\n| {text}"),
        };
        page::streamed(&page::pieces(&message, size));
    }
}

#[test]
fn a_hostile_id_prefix_stays_an_id() {
    let html = render_with("a[^1]\n\n[^1]: b", &Options { id_prefix: "\"><script>alert(1)</script>ä " }).into_string();
    assert_eq!(invariant::violation(&html), None);
    assert!(html.contains("id=\"scriptalert1scriptfn-1\"") || cfg!(feature = "sabotage-no-writer"), "{html}");
    let long = "p".repeat(10_000);
    assert!(render_with("a[^1]\n\n[^1]: b", &Options { id_prefix: &long }).as_str().len() < 2_000);
}

/// That the checker of these tests sees what it should.
#[test]
fn the_checker_sees_violations() {
    for html in [
        "<p onclick=\"a()\">a</p>",
        "<script>a</script>",
        "<img src=a>",
        "<a href=\"javascript:a\">a</a>",
        "<a href=\"https://example.org\">a</a>",
        "<a rel=\"noopener noreferrer nofollow ugc\" href=\"/a\">a</a>",
        "<a rel=\"noopener noreferrer nofollow ugc\" href=\"#composer\">a</a>",
        "<p style=\"a\">a</p>",
        "<a rel=\"noopener noreferrer nofollow ugc\" href=\" jav\tascript:a\">a</a>",
        "<p id=\"a\">a</p>",
        "<input>",
        "<input type=\"text\" disabled>",
        "<math><mglyph></mglyph></math>",
        "<math href=\"a\"></math>",
        "<svg><p>a</p></svg>",
        "<iframe></iframe>",
        "<form></form>",
        "<p class=\"app-header\">a</p>",
        "<math><mi><p>a</p></mi></math><!-- a -->",
        "<template>a</template>",
        "<p dir=\"rtl\">a</p>",
    ] {
        assert!(invariant::violation(html).is_some(), "{html}");
    }
    assert_eq!(invariant::violation("<p dir=\"auto\">a</p>"), None);
}
