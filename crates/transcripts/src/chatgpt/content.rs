//! One message: its role, whether it is hidden, and its content as parts.

use serde_json::value::RawValue;

use crate::repair::readable;
use crate::{Message, Part, Role};

use super::assets;
use super::citations::{self, Citations};
use super::json::{Author, Canvas, Content, Kind, Metadata, RawMessage, micros};

/// Where canvas documents are sent when they are made.
const CANVAS: &str = "canmore.create_textdoc";

/// Reads the message of node `id`, its parent left open. `None` for `null`.
pub(super) fn message(id: &str, json: &str) -> Option<Message> {
    let raw = match serde_json::from_str::<Option<RawMessage<'_>>>(json) {
        Ok(raw) => raw?,
        Err(_) => return Some(unreadable(id, json)),
    };
    let metadata = raw.metadata.unwrap_or_default();
    let author = raw.author.unwrap_or_default();
    let role = match author.role.0.as_deref() {
        Some("user") => Role::User,
        Some("assistant") => Role::Assistant,
        Some("system") => Role::System,
        // A role that is not known is treated as a program: kept, and not shown by itself.
        _ => Role::Tool,
    };
    let recipient = raw.recipient.0.filter(|name| name != "all" && !name.is_empty());
    let scene = Scene { role, author: &author, metadata: &metadata, recipient: recipient.as_deref() };
    let (mut parts, never_shown) = raw.content.map(|raw| scene.content(raw)).unwrap_or_default();
    scene.add_attachments(&mut parts);
    let hidden = parts.is_empty() || never_shown || scene.is_hidden(&parts);
    Some(Message {
        source_id: id.to_owned(),
        parent: None,
        role,
        model: metadata.model_slug.0.filter(|model| !model.is_empty() && role != Role::User),
        created_at_micros: micros(&raw.create_time),
        hidden,
        parts,
    })
}

/// A message that is no message: kept raw, in sight.
fn unreadable(id: &str, json: &str) -> Message {
    Message {
        source_id: id.to_owned(),
        parent: None,
        role: Role::Assistant,
        model: None,
        created_at_micros: None,
        hidden: false,
        parts: vec![Part::Unknown { kind: "message".to_owned(), raw: json.to_owned() }],
    }
}

/// What surrounds a content.
struct Scene<'a> {
    role: Role,
    author: &'a Author,
    metadata: &'a Metadata,
    /// To whom it is addressed, if not to all.
    recipient: Option<&'a str>,
}

impl Scene<'_> {
    fn is_hidden(&self, parts: &[Part]) -> bool {
        if self.metadata.is_visually_hidden_from_conversation.0 == Some(true) {
            return true;
        }
        let has = |wanted: fn(&Part) -> bool| parts.iter().any(wanted);
        match self.role {
            Role::User => false,
            Role::System => self.metadata.is_user_system_message.0 != Some(true),
            Role::Assistant => self.recipient.is_some() && !has(|part| matches!(part, Part::Document { .. })),
            Role::Tool => !has(|part| matches!(part, Part::Image { .. })),
        }
    }

    /// The parts, and whether this kind of content is never shown.
    fn content(&self, raw: &RawValue) -> (Vec<Part>, bool) {
        let Ok(content) = serde_json::from_str::<Content<'_>>(raw.get()) else {
            let kind = serde_json::from_str::<Kind>(raw.get()).ok().and_then(|kind| kind.content_type.0);
            return (vec![unknown(kind.unwrap_or_else(|| "content".to_owned()), raw)], false);
        };
        let mut never_shown = false;
        let parts = match content.content_type.as_str() {
            "text" | "multimodal_text" if content.parts.is_some() => self.text_parts(&content.parts.unwrap_or_default()),
            "code" => self.code(content.language.as_deref(), content.text.unwrap_or_default()),
            "execution_output" => self.result(content.text.unwrap_or_default()),
            "tether_quote" => self.quote(content),
            "tether_browsing_display" | "sonic_webpage" | "system_error" => {
                never_shown = true;
                let texts = [content.name, content.title, content.url, content.result, content.text];
                let text = joined(texts).or(content.summary).unwrap_or_default();
                self.result(text)
            }
            "thoughts" => {
                never_shown = true;
                let thoughts = content.thoughts.unwrap_or_default().into_iter();
                thoughts.filter_map(|thought| joined([thought.summary.0, thought.content.0])).map(|text| Part::Reasoning { text }).collect()
            }
            "reasoning_recap" => {
                never_shown = true;
                content.content.map(|text| Part::Reasoning { text }).into_iter().collect()
            }
            "user_editable_context" | "model_editable_context" => {
                never_shown = true;
                let texts = [content.user_profile, content.user_instructions, content.model_set_context];
                joined(texts).map(|text| Part::Text { text }).into_iter().collect()
            }
            _ => vec![unknown(content.content_type, raw)],
        };
        (parts, never_shown)
    }

    /// The parts of `text` and `multimodal_text`.
    fn text_parts(&self, parts: &[&RawValue]) -> Vec<Part> {
        let mut citations = Citations::of(self.metadata);
        let mut found = Vec::with_capacity(parts.len());
        for raw in parts {
            match serde_json::from_str::<String>(raw.get()) {
                Ok(text) if text.trim().is_empty() => {}
                // People's own private-use characters are theirs.
                Ok(text) if self.role == Role::User => found.push(self.text(text)),
                Ok(text) => found.push(self.text(citations.apply(&text))),
                Err(_) if raw.get() == "null" => {}
                Err(_) => found.push(assets::part(raw)),
            }
        }
        found
    }

    /// A text: what it is depends on who says it to whom.
    fn text(&self, text: String) -> Part {
        match (self.role, self.recipient) {
            (Role::Tool, _) => Part::ToolResult { name: self.author.name.0.clone(), text },
            (Role::Assistant, Some(recipient)) => call(recipient, text),
            _ => Part::Text { text },
        }
    }

    fn code(&self, language: Option<&str>, text: String) -> Vec<Part> {
        if text.trim().is_empty() {
            return Vec::new();
        }
        let part = match (self.role, self.recipient) {
            (Role::Tool, _) | (Role::Assistant, Some(_)) => self.text(text),
            _ => Part::Text { text: fenced(language.unwrap_or_default(), &text) },
        };
        vec![part]
    }

    fn result(&self, text: String) -> Vec<Part> {
        if text.trim().is_empty() {
            return Vec::new();
        }
        vec![Part::ToolResult { name: self.author.name.0.clone(), text: citations::without_markers(text) }]
    }

    /// A passage of a web page or of an uploaded file.
    fn quote(&self, content: Content<'_>) -> Vec<Part> {
        if self.role == Role::Tool {
            let texts = [content.title, content.url, content.text];
            return self.result(joined(texts).unwrap_or_default());
        }
        let names = [content.title, content.domain, content.url];
        let name = names.into_iter().flatten().find(|name| !name.is_empty());
        vec![Part::File {
            file: None,
            name: name.unwrap_or_default(),
            media_type: None,
            text: content.text.filter(|text| !text.is_empty()),
        }]
    }

    /// The uploads that the content does not show by itself.
    fn add_attachments(&self, parts: &mut Vec<Part>) {
        let Some(attachments) = &self.metadata.attachments.0 else {
            return;
        };
        for attachment in attachments.iter().filter_map(|attachment| attachment.0.as_ref()) {
            let Some(id) = attachment.id.0.clone().filter(|id| !id.is_empty()) else {
                continue;
            };
            let shown = parts.iter().any(|part| matches!(part, Part::Image { file, .. } if file.split('#').any(|name| *name == id)));
            if shown {
                continue;
            }
            let media_type = attachment.mime_type.0.clone();
            parts.push(if media_type.as_deref().is_some_and(|kind| kind.starts_with("image/")) {
                Part::Image { file: id, alt: attachment.name.0.clone(), width: attachment.width.0, height: attachment.height.0 }
            } else {
                let name = attachment.name.0.clone().unwrap_or_else(|| id.clone());
                Part::File { file: Some(id), name, media_type, text: None }
            });
        }
    }
}

/// What the model sends to a program: a canvas document, or a call.
fn call(recipient: &str, text: String) -> Part {
    if recipient == CANVAS {
        // What has to be repaired in here was counted when the whole conversation was read.
        let json = readable(text.as_bytes(), &mut 0);
        if let Ok(canvas) = serde_json::from_str::<Canvas>(&json) {
            let language = canvas.kind.0.map(|kind| match kind.split_once('/') {
                Some(("code", language)) => language.to_owned(),
                _ if kind == "document" => "markdown".to_owned(),
                _ => kind,
            });
            return Part::Document { title: canvas.name, language, text: canvas.content };
        }
    }
    Part::ToolCall { name: recipient.to_owned(), arguments: text }
}

/// A content that is kept as it is.
pub(super) fn unknown(kind: String, raw: &RawValue) -> Part {
    let kind = if kind.is_empty() { "content".to_owned() } else { kind };
    Part::Unknown { kind, raw: raw.get().to_owned() }
}

/// The texts that say something, as paragraphs.
fn joined<const N: usize>(texts: [Option<String>; N]) -> Option<String> {
    let texts: Vec<String> = texts.into_iter().flatten().filter(|text| !text.trim().is_empty()).collect();
    (!texts.is_empty()).then(|| texts.join("\n\n"))
}

/// The text as a fenced block that nothing in it can close.
fn fenced(language: &str, text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    let known = language != "unknown" && language.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '#' | '_' | '.'));
    let language = if known { language } else { "" };
    format!("{fence}{language}\n{text}\n{fence}")
}
