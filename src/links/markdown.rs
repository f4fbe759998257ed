//! A snapshot as a Markdown text, for copying and for keeping.

use std::fmt::Write;

use takeback_transcripts::{Part, Role};

use super::link::OpenLink;
use super::snapshot::Body;
use crate::conversations::view::INCOMPLETE;

/// The whole page as Markdown: title, who shared it, and the messages under their speakers.
pub fn write(link: &OpenLink, body: &Body) -> String {
    let mut text = format!("# {}\n\n", link.title);
    let by = link.shared_by.as_deref().map_or_else(|| "Shared anonymously".to_owned(), |name| format!("Shared by {name}"));
    let _ = writeln!(text, "*{by}. The answers come from a language model and can be wrong.*");
    for message in &body.messages {
        let speaker = match message.role {
            Role::User => "Question",
            _ => message.model.as_deref().unwrap_or("Answer"),
        };
        let _ = write!(text, "\n## {speaker}\n");
        for part in &message.parts {
            write_part(&mut text, part);
        }
        if message.incomplete {
            let _ = writeln!(text, "\n*[{INCOMPLETE}]*");
        }
    }
    text
}

fn write_part(text: &mut String, part: &Part) {
    let _ = match part {
        Part::Text { text: words } => writeln!(text, "\n{}", words.trim_end()),
        Part::Image { alt, .. } => writeln!(text, "\n*[Picture{}]*", alt.as_deref().map(|alt| format!(": {alt}")).unwrap_or_default()),
        Part::File { name, .. } => writeln!(text, "\n*[Attached file: {name}]*"),
        Part::Document { title, text: words, .. } => writeln!(text, "\n### {title}\n\n{}", words.trim_end()),
        Part::Unknown { .. } | Part::Reasoning { .. } | Part::ToolCall { .. } | Part::ToolResult { .. } => Ok(()),
    };
}
