//! The object `message`.

use serde::Serialize;
use takeback_transcripts::Part;
use utoipa::ToSchema;

use crate::answers::store::{Answer, State};
use crate::conversations::branch;
use crate::conversations::create::role_name;

/// A message of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Message {
    /// Its id.
    #[schema(example = "msg_8sTuVwXyZ2aBcDeFg5kPqR")]
    pub id: String,
    /// Always `message`.
    #[schema(example = "message")]
    pub object: &'static str,
    /// Unix seconds.
    #[schema(example = 1_768_478_400)]
    pub created_at: i64,
    /// Where it stands.
    #[schema(example = "conv_5kPqR8sTuVwXyZ2aBcDeFg")]
    pub conversation_id: String,
    /// The message before it on its branch; null: it is the first.
    #[schema(required = true)]
    pub parent_id: Option<String>,
    /// `user`, `assistant` or `tool`.
    #[schema(example = "assistant")]
    pub role: &'static str,
    /// The model that answered, by its name at its provider; null: none did, or nobody knows.
    #[schema(required = true, example = "gpt-5")]
    pub model: Option<String>,
    /// `completed`, or of an answer: `in_progress`, `stopped` by its person, `failed`, or `incomplete`: cut by the model,
    /// its provider or a restart.
    #[schema(example = "completed")]
    pub status: &'static str,
    /// Why an answer isn't completed; null: nothing went wrong.
    #[schema(required = true)]
    pub error: Option<MessageError>,
    /// What it says, in order. Of an answer in progress what was written down so far.
    pub content: Vec<ContentPart>,
    /// What the answer cost; null: it is no answer, or the provider doesn't say.
    #[schema(required = true)]
    pub usage: Option<MessageUsage>,
}

/// Why an answer isn't completed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MessageError {
    /// In words for people.
    pub message: String,
}

/// What an answer cost, in tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MessageUsage {
    /// Read by the model.
    pub input_tokens: i64,
    /// Written by it.
    pub output_tokens: i64,
    /// Both.
    pub total_tokens: i64,
}

/// A piece of what a message says. Which fields it has, its type says; absent ones are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ContentPart {
    /// `text` (`text`, as Markdown), `image` (`file_id`, and perhaps `alt`, `width`, `height`), `file` (`filename`, and
    /// perhaps `file_id`, `media_type`, `text`), `reasoning` (`text`), `tool_call` (`name`, `arguments`), `tool_result`
    /// (`text`, and perhaps `name`), `document` (`title`, `text`, and perhaps `language`), or `unknown` (`kind_at_source`, `raw`):
    /// something of an import that this version can't show.
    #[serde(rename = "type")]
    #[schema(example = "text")]
    pub kind: &'static str,
    /// Words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "Two minutes at 75 °C.")]
    pub text: Option<String>,
    /// A picture or file that is kept with the conversation.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub file_id: Option<String>,
    /// What a picture shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub alt: Option<String>,
    /// In pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub width: Option<u32>,
    /// In pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub height: Option<u32>,
    /// The name that a file was attached under.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub filename: Option<String>,
    /// Of a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub media_type: Option<String>,
    /// A program's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<String>,
    /// What a program was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub arguments: Option<String>,
    /// Of a document.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub title: Option<String>,
    /// Of a document: `markdown`, or a programming language.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub language: Option<String>,
    /// Its source's word for something unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub kind_at_source: Option<String>,
    /// Something unknown as it was, as JSON text.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub raw: Option<String>,
}

impl Message {
    /// A message of this conversation, with what is known of it as an answer.
    pub fn of(conversation_id: &str, message: branch::Message, answer: Option<&Answer>) -> Self {
        let usage = answer.filter(|answer| answer.input_tokens + answer.output_tokens > 0).map(|answer| MessageUsage {
            input_tokens: answer.input_tokens,
            output_tokens: answer.output_tokens,
            total_tokens: answer.input_tokens + answer.output_tokens,
        });
        let problem = answer.map(|answer| answer.problem.clone()).filter(|problem| !problem.is_empty());
        Self {
            object: "message",
            created_at: message.created_at.div_euclid(1_000_000),
            conversation_id: conversation_id.to_owned(),
            parent_id: message.parent_id,
            role: role_name(message.role),
            model: message.model,
            status: answer.map_or("completed", |answer| status(&answer.state)),
            error: problem.map(|message| MessageError { message }),
            content: message.parts.into_iter().map(ContentPart::of).collect(),
            usage,
            id: message.id,
        }
    }
}

fn status(state: &str) -> &'static str {
    let is = |known: State| known.as_str() == state;
    match () {
        () if is(State::Running) => "in_progress",
        () if is(State::Done) => "completed",
        () if is(State::Stopped) => "stopped",
        () if is(State::Failed) => "failed",
        () => "incomplete",
    }
}

impl ContentPart {
    fn of(part: Part) -> Self {
        let empty = Self::default();
        match part {
            Part::Text { text } => Self { kind: "text", text: Some(text), ..empty },
            Part::Image { file, alt, width, height } => Self { kind: "image", file_id: Some(file), alt, width, height, ..empty },
            Part::File { file, name, media_type, text } => {
                Self { kind: "file", file_id: file, filename: Some(name), media_type, text, ..empty }
            }
            Part::Reasoning { text } => Self { kind: "reasoning", text: Some(text), ..empty },
            Part::ToolCall { name, arguments } => Self { kind: "tool_call", name: Some(name), arguments: Some(arguments), ..empty },
            Part::ToolResult { name, text } => Self { kind: "tool_result", name, text: Some(text), ..empty },
            Part::Document { title, language, text } => Self { kind: "document", title: Some(title), language, text: Some(text), ..empty },
            Part::Unknown { kind, raw } => Self { kind: "unknown", kind_at_source: Some(kind), raw: Some(raw), ..empty },
        }
    }
}
