//! Messages as everybody sees them: the conversation page, the preview and the shared page are made from this.
//!
//! Hidden messages aren't shown. What a model and its tools said in a row is one message on the page. Everything that
//! comes out is either plain text, which the templates escape, or HTML that the renderer made safe.
//!
//! Rendering a long conversation takes a while: call it where blocking is allowed.

use std::ops::Range;

use takeback_transcripts::{Part as Stored, Role};

use super::branch;
use crate::links::snapshot::Frozen;
use crate::pages::rendered;
use crate::pages::view::Count;

/// A message before it is drawn, from a conversation or from a snapshot.
#[derive(Clone, Debug)]
pub struct Input {
    /// The element's id on the page. `None`: its place, such as `m3`, which leads to nothing of the owner's.
    pub id: Option<String>,
    /// Who speaks.
    pub role: Role,
    /// The model that answered.
    pub model: Option<String>,
    /// Not shown.
    pub hidden: bool,
    /// What it says.
    pub parts: Vec<Stored>,
    /// Its model was not done, and the reader is told so under it.
    pub incomplete: bool,
    /// Shown even if it says nothing: an answer that is being written, or failed before its first word.
    pub even_empty: bool,
}

impl From<branch::Message> for Input {
    fn from(message: branch::Message) -> Self {
        Self {
            id: Some(message.id),
            role: message.role,
            model: message.model,
            hidden: message.hidden,
            parts: message.parts,
            incomplete: false,
            even_empty: false,
        }
    }
}

impl From<Frozen> for Input {
    fn from(frozen: Frozen) -> Self {
        Self {
            id: None,
            role: frozen.role,
            model: frozen.model,
            hidden: false,
            parts: frozen.parts,
            incomplete: frozen.incomplete,
            even_empty: false,
        }
    }
}

/// What visitors are told of an answer that ends early.
pub const INCOMPLETE: &str = "This answer is incomplete: it was stopped or broke off.";

/// Who reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// The conversation's owner: what the user said was said by "You".
    Owner,
    /// Anybody: the page has to be the same for all of them.
    Visitor,
}

/// A message on a page; `messages/_message.html` draws it.
#[derive(Clone, Debug)]
pub struct Message {
    /// The element's id.
    pub anchor: String,
    /// `user`, `assistant` or `system`; what tools say belongs to the assistant that called them.
    pub kind: &'static str,
    /// "You", the model's name, "Instructions"; on a shared page "User" and the model's name, whoever looks.
    pub who: String,
    /// In order.
    pub parts: Vec<Part>,
    /// Why the answer ends early, if it does.
    pub cut: Option<String>,
    /// Which of the inputs it stands for: those it shows, and hidden ones before them.
    pub covers: Range<usize>,
    model: Option<String>,
}

/// One piece of a message.
#[derive(Clone, Debug)]
pub enum Part {
    /// Rendered Markdown.
    Prose {
        /// Safe.
        html: String,
    },
    /// A picture.
    Image {
        /// Its address on this server.
        src: String,
        /// In words.
        alt: String,
        /// Width and height in pixels, when known, so that nothing moves while it loads.
        size: Option<(i64, i64)>,
    },
    /// An attached file.
    File {
        /// `None` when the file's bytes aren't here.
        href: Option<String>,
        /// The name it was attached under.
        name: String,
        /// Its kind ("PDF").
        about: String,
    },
    /// What the model thought before it answered.
    Reasoning {
        /// What the fold is called.
        label: String,
        /// Safe.
        html: String,
    },
    /// The model called a program.
    ToolCall {
        /// The program.
        name: String,
        /// What it was sent.
        input: String,
    },
    /// What a program answered.
    ToolResult {
        /// The program.
        name: String,
        /// Its answer.
        output: String,
        /// It answered with an error.
        failed: bool,
    },
    /// A document beside the conversation.
    Document {
        /// Its title.
        title: String,
        /// Safe.
        html: String,
    },
    /// Content this version can't show.
    Unknown {
        /// In the words of its source.
        what: String,
    },
}

/// Draws messages in reading order. `file_url` answers where a stored file can be fetched, or `None` if it isn't here.
pub fn messages(inputs: Vec<Input>, reader: Reader, file_url: &dyn Fn(&str) -> Option<String>) -> Vec<Message> {
    let mut drawn: Vec<Message> = Vec::new();
    let mut first = 0;
    for (at, input) in inputs.into_iter().enumerate() {
        if input.hidden {
            continue;
        }
        let anchor = input.id.unwrap_or_else(|| format!("m{}", at + 1));
        let parts: Vec<Part> =
            input.parts.into_iter().enumerate().filter_map(|(n, stored)| part(stored, &format!("{anchor}-{n}-"), file_url)).collect();
        if parts.is_empty() && !input.even_empty {
            continue;
        }
        let kind = kind(input.role);
        let cut = input.incomplete.then(|| INCOMPLETE.to_owned());
        match drawn.last_mut() {
            Some(last)
                if kind == "assistant" && last.kind == "assistant" && same_speaker(last.model.as_deref(), input.model.as_deref()) =>
            {
                if last.model.is_none() {
                    last.who = who(kind, input.model.as_deref(), reader);
                    last.model = input.model;
                }
                last.parts.extend(parts);
                last.cut = cut;
                last.covers.end = at + 1;
            }
            _ => {
                let who = who(kind, input.model.as_deref(), reader);
                drawn.push(Message { anchor, kind, who, parts, cut, covers: first..at + 1, model: input.model });
            }
        }
        first = at + 1;
    }
    drawn
}

fn kind(role: Role) -> &'static str {
    match role {
        Role::User => "user",
        Role::Assistant | Role::Tool => "assistant",
        Role::System => "system",
    }
}

/// A tool's message has no model; it belongs to the answer around it.
fn same_speaker(one: Option<&str>, other: Option<&str>) -> bool {
    one.is_none() || other.is_none() || one == other
}

fn who(kind: &str, model: Option<&str>, reader: Reader) -> String {
    match (kind, reader) {
        ("user", Reader::Owner) => "You".to_owned(),
        ("user", Reader::Visitor) => "User".to_owned(),
        ("system", _) => "Instructions".to_owned(),
        _ => model.unwrap_or("Assistant").to_owned(),
    }
}

fn part(stored: Stored, id_prefix: &str, file_url: &dyn Fn(&str) -> Option<String>) -> Option<Part> {
    let markdown = |text: &str| rendered::markdown(text, id_prefix);
    Some(match stored {
        Stored::Text { text } if text.trim().is_empty() => return None,
        Stored::Text { text } => Part::Prose { html: markdown(&text) },
        Stored::Image { file, alt, width, height } => match file_url(&file) {
            Some(src) => {
                Part::Image { src, alt: alt.unwrap_or_default(), size: width.zip(height).map(|(w, h)| (i64::from(w), i64::from(h))) }
            }
            None => Part::Unknown { what: missing_picture(alt.as_deref()) },
        },
        Stored::File { file, name, media_type, .. } => {
            let href = file.as_deref().and_then(file_url);
            let about = file_kind(&name, media_type.as_deref());
            Part::File { about: if href.is_some() { about } else { format!("{about}, only its name is here") }, href, name }
        }
        Stored::Reasoning { text } => Part::Reasoning { label: "Reasoning".to_owned(), html: markdown(&text) },
        Stored::ToolCall { name, arguments } => Part::ToolCall { name, input: arguments },
        Stored::ToolResult { name, text } => {
            Part::ToolResult { name: name.unwrap_or_else(|| "a tool".to_owned()), output: text, failed: false }
        }
        Stored::Document { title, language, text } => Part::Document { title, html: markdown(&document(language.as_deref(), &text)) },
        Stored::Unknown { kind, raw } if kind == Stored::TOO_LONG => Part::Unknown { what: too_long(&raw) },
        Stored::Unknown { kind, .. } => Part::Unknown { what: kind.replace('_', " ") },
    })
}

/// A document's Markdown: as it is, or as one block of code whose fence is longer than any in it.
fn document(language: Option<&str>, text: &str) -> String {
    let Some(language) = language.filter(|language| !language.eq_ignore_ascii_case("markdown")) else {
        return text.to_owned();
    };
    let mut longest = 0;
    let mut run = 0;
    for c in text.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest.max(2) + 1);
    let language: String = language.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '#' | '-' | '_')).collect();
    format!("{fence}{language}\n{text}\n{fence}")
}

fn missing_picture(alt: Option<&str>) -> String {
    match alt {
        Some(alt) if !alt.trim().is_empty() => format!("a picture that the export did not hold ({})", shortened(alt, 200)),
        _ => "a picture that the export did not hold".to_owned(),
    }
}

fn too_long(raw: &str) -> String {
    let bytes = serde_json::from_str::<serde_json::Value>(raw).ok().and_then(|raw| raw.get("bytes")?.as_i64());
    bytes.map_or_else(|| "a text that was too long".to_owned(), |bytes| format!("a text of {} bytes, too long to be taken", Count(bytes)))
}

/// "PDF", from the media type or else the name's ending.
fn file_kind(name: &str, media_type: Option<&str>) -> String {
    let of_type = media_type.and_then(|media_type| media_type.split('/').nth(1)).filter(|kind| !kind.contains(['.', '-', '+']));
    let of_name = name.rsplit_once('.').map(|(_, ending)| ending);
    let kind = of_name.or(of_type).filter(|kind| (1..=5).contains(&kind.len()) && kind.bytes().all(|b| b.is_ascii_alphanumeric()));
    kind.map_or_else(|| "File".to_owned(), str::to_uppercase)
}

/// The text, cut after `max` characters.
pub fn shortened(text: &str, max: usize) -> String {
    match text.char_indices().nth(max) {
        Some((end, next)) => {
            let fits = &text[..end];
            let words = if next.is_whitespace() { Some(fits) } else { fits.rsplit_once(char::is_whitespace).map(|(words, _)| words) };
            // A word that is very long, or text without spaces, is cut where it must be.
            let cut = words.map(str::trim_end).filter(|words| words.len() >= fits.len() / 4 * 3).unwrap_or(fits);
            format!("{cut}…")
        }
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_shortened_between_two_words_where_it_can_be() {
        assert_eq!(shortened("Tea for two, please", 16), "Tea for two,…");
        assert_eq!(shortened("Tea for two, please", 12), "Tea for two,…");
        assert_eq!(shortened("Teateateatea tea", 8), "Teateate…");
        assert_eq!(shortened("A teateateatea", 8), "A teatea…");
        assert_eq!(shortened("茶茶茶茶茶", 3), "茶茶茶…");
        assert_eq!(shortened("Tea", 3), "Tea");
    }

    fn input(role: Role, hidden: bool, text: &str) -> Input {
        Input {
            id: None,
            role,
            model: None,
            hidden,
            parts: vec![Stored::Text { text: text.to_owned() }],
            incomplete: false,
            even_empty: false,
        }
    }

    fn shown(inputs: Vec<Input>) -> Vec<Message> {
        messages(inputs, Reader::Owner, &|_| None)
    }

    #[test]
    fn answers_in_a_row_are_one_message_and_hidden_ones_are_counted_in_but_not_shown() {
        let drawn = shown(vec![
            input(Role::System, true, "secret"),
            input(Role::User, false, "q"),
            input(Role::Assistant, true, "secret"),
            input(Role::Assistant, false, "a"),
            input(Role::Tool, true, "secret"),
            input(Role::Assistant, false, "b"),
            input(Role::User, false, "q2"),
        ]);
        let summary: Vec<_> = drawn.iter().map(|m| (m.kind, m.parts.len(), m.covers.clone())).collect();
        assert_eq!(summary, [("user", 1, 0..2), ("assistant", 2, 2..6), ("user", 1, 6..7)]);
        assert!(!format!("{drawn:?}").contains("secret"));
    }

    #[test]
    fn another_model_is_another_speaker() {
        let by = |model: &str| Input { model: Some(model.to_owned()), ..input(Role::Assistant, false, "x") };
        let drawn = shown(vec![by("one"), input(Role::Tool, false, "t"), by("two")]);
        assert_eq!(drawn.iter().map(|m| m.who.as_str()).collect::<Vec<_>>(), ["one", "two"]);
    }

    #[test]
    fn code_in_a_document_can_t_leave_its_block() {
        assert_eq!(document(Some("py\n<b>"), "a\n````\n<i>"), "`````pyb\na\n````\n<i>\n`````");
    }

    #[test]
    fn a_picture_that_isn_t_here_says_so() {
        let image = Stored::Image { file: "file-x".to_owned(), alt: Some("a cat".to_owned()), width: None, height: None };
        let drawn = shown(vec![Input { parts: vec![image], ..input(Role::User, false, "") }]);
        assert!(matches!(&drawn[0].parts[0], Part::Unknown { what } if what == "a picture that the export did not hold (a cat)"));
    }

    #[test]
    fn footnotes_of_different_messages_have_different_ids() {
        let drawn = shown(vec![input(Role::User, false, "a[^1]\n\n[^1]: x"), input(Role::User, false, "b[^1]\n\n[^1]: y")]);
        let html: Vec<String> = drawn.iter().map(|m| format!("{:?}", m.parts)).collect();
        assert!(html[0].contains("m1-0-") && html[1].contains("m2-0-"), "{html:?}");
    }
}
