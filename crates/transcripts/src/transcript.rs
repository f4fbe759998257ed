//! The neutral form that every foreign format is turned into.

use serde::{Deserialize, Serialize};

use crate::Source;

/// A conversation tree in the neutral form. Parents come before children.
///
/// Several messages may have no parent: a first question that was edited has siblings too.
/// Names, titles and texts are the exporter's words: hostile text of any length up to the caps in
/// [`Limits`](crate::Limits), free of U+0000.
#[derive(Clone, Debug, PartialEq)]
pub struct Transcript {
    /// Where the conversation was written.
    pub source: Source,
    /// The conversation's id at its source; the same each time the same conversation is read.
    pub source_id: String,
    /// Ids that an earlier, shorter state of this conversation had (only for sources without ids of
    /// their own, oldest first, at most 500): a grown file extends what was imported before.
    pub prior_source_ids: Vec<String>,
    /// The title, if the source has one.
    pub title: Option<String>,
    /// When it began, in microseconds since 1970.
    pub created_at_micros: Option<i64>,
    /// When it last changed, in microseconds since 1970.
    pub updated_at_micros: Option<i64>,
    /// The model the conversation was set to, as the source names it.
    pub model: Option<String>,
    /// All messages of all branches, each after its parent; siblings in the source's order.
    pub messages: Vec<Message>,
    /// The last message of the branch that was open, an index into `messages`.
    pub current: Option<usize>,
    /// Files that the source carried inside its text (`data:` addresses), found by their names.
    pub embedded: Vec<EmbeddedFile>,
}

impl Transcript {
    /// The branch that was open, as indices into `messages` from the root to `current`.
    pub fn current_branch(&self) -> Vec<usize> {
        let mut branch = Vec::new();
        let mut next = self.current;
        while let Some(index) = next {
            branch.push(index);
            next = self.messages.get(index).and_then(|message| message.parent.filter(|parent| *parent < index));
        }
        branch.reverse();
        branch
    }
}

/// One message of a [`Transcript`].
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// The message's id at its source, unique within the transcript.
    pub source_id: String,
    /// The message it answers, an index into [`Transcript::messages`], smaller than its own.
    pub parent: Option<usize>,
    /// Who wrote it.
    pub role: Role,
    /// The model that wrote it, only if the source says so.
    pub model: Option<String>,
    /// When it was written, in microseconds since 1970.
    pub created_at_micros: Option<i64>,
    /// The source does not show this message in the conversation (system prompts, tool traffic, reasoning).
    pub hidden: bool,
    /// What it consists of, in order; empty only in a hidden message.
    pub parts: Vec<Part>,
}

/// Who wrote a message.
#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Instructions to the model.
    System,
    /// A person.
    User,
    /// A model.
    Assistant,
    /// A program that the model called.
    Tool,
}

/// A piece of a message's content.
///
/// Its JSON is a stored format: the application keeps it for each message. The tag is `type`, absent
/// options are left out, unknown keys are ignored on reading. Kinds and keys may be added, never
/// renamed or given another meaning.
/// ```json
/// {"type":"text","text":"Markdown"}
/// {"type":"image","file":"file-x","alt":"a cat","width":640,"height":480}
/// {"type":"file","file":"file-y","name":"notes.pdf","media_type":"application/pdf","text":"extracted"}
/// {"type":"reasoning","text":"…"}
/// {"type":"tool_call","name":"browser","arguments":"search(\"…\")"}
/// {"type":"tool_result","name":"python","text":"42"}
/// {"type":"document","title":"Plan","language":"markdown","text":"…"}
/// {"type":"unknown","kind":"super_widget","raw":"{\"content_type\":\"super_widget\"}"}
/// ```
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Part {
    /// Markdown.
    Text {
        /// The Markdown.
        text: String,
    },
    /// An image. `file` is the source's name for it until the importer has stored the bytes and puts
    /// the stored file's id there; it may lead to nothing.
    Image {
        /// Which file.
        file: String,
        /// What it shows, in words (the prompt of a generated image).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        alt: Option<String>,
        /// Width in pixels.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        width: Option<u32>,
        /// Height in pixels.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        height: Option<u32>,
    },
    /// An attached file that is no image.
    File {
        /// Which file, as in [`Part::Image`]; absent if the source has only its name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        file: Option<String>,
        /// The name it was attached under.
        name: String,
        /// The media type that the source claims.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        media_type: Option<String>,
        /// Its text, if the source extracted it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
    },
    /// What the model thought before it answered.
    Reasoning {
        /// Markdown.
        text: String,
    },
    /// The model called a program.
    ToolCall {
        /// The program's name.
        name: String,
        /// What was sent: usually JSON, sometimes code or words.
        arguments: String,
    },
    /// What the program answered.
    ToolResult {
        /// The program's name, if known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// The answer, plain text.
        text: String,
    },
    /// A document written beside the conversation (canvas).
    Document {
        /// Its title.
        title: String,
        /// `markdown`, or the programming language.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        language: Option<String>,
        /// Its text.
        text: String,
    },
    /// Something this version cannot show: kept as it was, shown as a placeholder.
    Unknown {
        /// The source's name for it, or [`Part::TOO_LONG`].
        kind: String,
        /// Its JSON, as text (not nested, so that its depth cannot make the stored form unreadable).
        raw: String,
    },
}

impl Part {
    /// The `kind` of an [`Part::Unknown`] that stands for a text over
    /// [`Limits::max_text_bytes`](crate::Limits); its `raw` is `{"bytes":N}`.
    pub const TOO_LONG: &str = "too_long";
}

/// A file that came inside a conversation's JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmbeddedFile {
    /// The name that [`Part::Image`] or [`Part::File`] uses: `sha256:` and the hash of the bytes in hex.
    pub name: String,
    /// The media type: sniffed from the bytes for images, else `None`.
    pub media_type: Option<&'static str>,
    /// The bytes.
    pub bytes: Vec<u8>,
}
