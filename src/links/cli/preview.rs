//! What a file's page will show, in short, for who is about to make it public.

use std::fmt::Write;

use takeback_transcripts::{Message, Part, Role};

use crate::links::public::{Public, picture};
use crate::remote::plain;
use crate::transfer::plan;

/// Messages that are shown with their first words: from the beginning, and from the end.
const FIRST: usize = 4;
const LAST: usize = 2;
/// Characters of a message.
const WORDS: usize = 90;

/// What the file itself doesn't say.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// The program it comes from.
    pub source: &'a str,
    /// Another title than its own.
    pub title: Option<&'a str>,
    /// The name on the page.
    pub name: Option<&'a str>,
    /// The server on which it will be; `None`: the one here.
    pub server: Option<&'a str>,
}

/// The title that the page will have.
pub fn title(public: &Public) -> String {
    plan::title_of(&public.transcript)
}

/// Several lines.
pub fn words(public: &Public, about: &About<'_>) -> String {
    let messages = &public.transcript.messages;
    let pictures = messages.iter().flat_map(|message| &message.parts).filter_map(picture).count();
    let people = messages.iter().filter(|message| message.role == Role::User).count();
    let title = about.title.map_or_else(|| title(public), str::to_owned);
    let mut text = format!("This will be public{}, for everybody who has the link:\n\n", on(about.server));
    // Writing to a String cannot fail.
    let mut line = |name: &str, value: String| {
        let _ = writeln!(text, "  {name:<10}{value}");
    };
    line("Title", plain(&title, 200));
    line("From", format!("{}, {}", about.source, count(messages.len(), people, pictures)));
    line("By", about.name.map_or_else(|| "nobody’s name on the page".to_owned(), |name| plain(name, 100)));
    let left_out = public.left_out.to_string();
    line("Left out", if left_out.is_empty() { "nothing".to_owned() } else { left_out });
    text.push('\n');
    let shown = messages.len() > FIRST + LAST + 1;
    for (at, message) in messages.iter().enumerate() {
        if shown && at == FIRST {
            let _ = writeln!(text, "  … {} more …", messages.len() - FIRST - LAST);
        }
        if !shown || at < FIRST || at >= messages.len() - LAST {
            let _ = writeln!(text, "  {:<10}{}", speaker(message), first_words(message));
        }
    }
    text
}

fn on(server: Option<&str>) -> String {
    server.map(|server| format!(" on {server}")).unwrap_or_default()
}

fn count(all: usize, people: usize, pictures: usize) -> String {
    let many = |count: usize, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
    let mut words = format!("{} ({people} by people)", many(all, "message"));
    if pictures > 0 {
        let _ = write!(words, ", {}", many(pictures, "picture"));
    }
    words
}

fn speaker(message: &Message) -> &'static str {
    match message.role {
        Role::User => "Person",
        Role::Assistant => "Answer",
        Role::Tool => "Tool",
        Role::System => "System",
    }
}

fn first_words(message: &Message) -> String {
    let words = message.parts.iter().find_map(|part| match part {
        Part::Text { text } => Some(plain(text, WORDS)).filter(|words| !words.is_empty()),
        _ => None,
    });
    words.unwrap_or_else(|| match message.parts.first() {
        Some(Part::Image { .. }) => "(a picture)".to_owned(),
        Some(Part::File { name, .. }) => format!("(the name of a file: {})", plain(name, WORDS)),
        Some(Part::Document { title, .. }) => format!("(a document: {})", plain(title, WORDS)),
        _ => "(something that can’t be shown)".to_owned(),
    })
}
