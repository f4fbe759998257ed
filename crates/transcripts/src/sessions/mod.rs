//! Session files of coding agents: lines of JSON, each of them something that happened, together one conversation.
//!
//! What the person and the model said to each other is shown; everything else is taken and hidden: instructions,
//! thoughts, tool calls and what tools answered, which on a developer's machine can be anything. Lines that say nothing
//! of the conversation (snapshots, counters, settings) are passed over.

mod claude_code;
mod codex;
mod time;

use serde_json::Value;

use crate::reading::Unreadable;
use crate::repair::repaired;
use crate::{Part, Source, Transcript};

/// A session, as far as its lines were read.
pub(crate) enum Session {
    ClaudeCode(Box<claude_code::Session>),
    Codex(Box<codex::Session>),
}

impl Session {
    /// The beginning; `None` for a source whose files are no sessions.
    pub(crate) fn of(source: Source) -> Option<Self> {
        match source {
            Source::ClaudeCode => Some(Self::ClaudeCode(Box::default())),
            Source::Codex => Some(Self::Codex(Box::default())),
            _ => None,
        }
    }

    /// Takes one line.
    ///
    /// # Errors
    /// Why it can't be read. The others are not touched by that.
    pub(crate) fn line(&mut self, text: &str, replaced: &mut u64) -> Result<(), String> {
        let line: Value = serde_json::from_str(text)
            .or_else(|error| serde_json::from_str(&repaired(text, replaced)).map_err(|_| error))
            .map_err(|error| format!("A line's JSON is damaged: {error}."))?;
        match self {
            Self::ClaudeCode(session) => session.line(line),
            Self::Codex(session) => session.line(line),
        }
        Ok(())
    }

    /// The conversation.
    ///
    /// # Errors
    /// If nobody said anything.
    pub(crate) fn finish(self) -> Result<Transcript, Unreadable> {
        let transcript = match self {
            Self::ClaudeCode(session) => session.finish(),
            Self::Codex(session) => session.finish(),
        };
        if transcript.messages.is_empty() {
            return Err(Unreadable { title: transcript.title, reason: "Nobody says anything in this session.".to_owned() });
        }
        Ok(transcript)
    }
}

/// The text of a field, if there is any.
fn text_of(object: &Value, key: &str) -> Option<String> {
    object.get(key).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// Whether a part is shown to people.
fn is_shown(part: &Part) -> bool {
    !matches!(part, Part::Reasoning { .. } | Part::ToolCall { .. } | Part::ToolResult { .. })
}

/// JSON as a tool got or gave it: a string as it is.
fn raw(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}
