//! What is frozen when a conversation is shared, and what is left out.
//!
//! A snapshot is a copy, never a reference: nothing that happens to the conversation later shows. It holds the
//! visible messages of one branch: what people and models said, pictures, documents, and the names of attached files.
//! Left out: other branches, hidden and system messages, reasoning, tool calls and their results, contents of
//! attached files, what pictures tell besides what they show ([`super::bare`]), and an answer that is still being
//! written. It fails closed: if a message of the branch can't be read, nothing is shared.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use takeback_transcripts::{Part, Role};

use super::store;
use crate::answers;
use crate::answers::store::Answer;
use crate::conversations::branch::{self, Message};
use crate::error::Error;
use crate::ids;
use crate::storage::Tx;

/// Messages that one snapshot holds at the most.
pub const MAX_MESSAGES: usize = 5_000;
/// Text that one snapshot holds at the most.
pub const MAX_BYTES: usize = 16 << 20;

/// The stored form of a snapshot, as JSON.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Body {
    /// In reading order.
    pub messages: Vec<Frozen>,
}

/// A message as visitors see it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Frozen {
    /// `user`, `assistant` or `tool` (a tool's picture).
    pub role: Role,
    /// The model that answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// What it says; pictures name files of this snapshot.
    pub parts: Vec<Part>,
    /// It ends before its model was done.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub incomplete: bool,
}

impl Body {
    /// Gives every file that is shown a new id, and answers which became which: an id that is the same on two pages
    /// would tell that they have one owner.
    pub fn rename_files(&mut self) -> HashMap<String, String> {
        let mut renamed: HashMap<String, String> = HashMap::new();
        for part in self.messages.iter_mut().flat_map(|message| &mut message.parts) {
            if let Part::Image { file, .. } = part {
                let to = renamed.entry(std::mem::take(file)).or_insert_with(|| ids::new("file"));
                file.clone_from(to);
            }
        }
        renamed
    }

    /// The names of the models that answered, each once, in the order of their first answer.
    pub fn models(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for name in self.messages.iter().filter_map(|message| message.model.as_deref()) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }
}

/// A branch, ready to be stored with its link.
#[derive(Clone, Debug)]
pub struct Cut {
    /// What shows.
    pub body: Body,
    /// The conversation's files that it shows, each with the id that its copy has.
    pub files: HashMap<String, String>,
    /// The branch's last message, shown or not. An answer that is still being written is none yet.
    pub last_message_id: String,
}

/// Cuts the branch that ends at `leaf_id`.
///
/// # Errors
/// [`Error::NotFound`] if the branch or one of its messages is not whole; [`Error::Invalid`] if there is nothing to
/// show; [`Error::TooLarge`] over [`MAX_MESSAGES`] or [`MAX_BYTES`].
pub async fn cut(tx: &mut Tx, conversation_id: &str, leaf_id: &str) -> Result<Cut, Error> {
    let messages = branch::load(tx, conversation_id, leaf_id, MAX_MESSAGES + 1).await?;
    if messages.len() > MAX_MESSAGES {
        return Err(Error::TooLarge(format!("A link can show {MAX_MESSAGES} messages, and this conversation has more.")));
    }
    let ids: Vec<&str> = messages.iter().map(|message| message.id.as_str()).collect();
    let answers = answers::store::of(tx, &ids).await?;
    let is_running = |message: &Message| answers.get(&message.id).is_some_and(Answer::is_running);
    let last_message_id = messages.iter().rev().find(|message| !is_running(message)).map_or(leaf_id, |last| &last.id).to_owned();
    let frozen = messages.into_iter().filter(|message| !is_running(message)).filter_map(|message| {
        let incomplete = answers.get(&message.id).is_some_and(|answer| !answer.is_whole());
        Some(Frozen { incomplete, ..freeze(message)? })
    });
    let mut body = Body { messages: frozen.collect() };
    if body.messages.is_empty() {
        return Err(Error::invalid(
            "conversation",
            "There is nothing to share yet: this conversation has no messages that visitors could see.",
        ));
    }
    if serde_json::to_string(&body)?.len() > MAX_BYTES {
        return Err(Error::TooLarge("A link can show 16 MB of text, and this conversation has more.".to_owned()));
    }
    let files = body.rename_files();
    Ok(Cut { body, files, last_message_id })
}

/// What visitors see of a message, or `None` if they don't see it at all.
pub fn freeze(message: Message) -> Option<Frozen> {
    if message.hidden || message.role == Role::System {
        return None;
    }
    let parts: Vec<Part> = message.parts.into_iter().filter_map(visible).collect();
    (!parts.is_empty()).then_some(Frozen { role: message.role, model: message.model, parts, incomplete: false })
}

/// What visitors see of a part of a message, or `None`.
pub fn visible(part: Part) -> Option<Part> {
    match part {
        Part::Text { .. } | Part::Image { .. } | Part::Document { .. } => Some(part),
        // That a file was attached is part of what was said; what stands in it was not shown to anybody.
        Part::File { name, media_type, .. } => Some(Part::File { file: None, name, media_type, text: None }),
        // The raw form of something we don't know may hold anything.
        Part::Unknown { kind, .. } => Some(Part::Unknown { kind, raw: String::new() }),
        Part::Reasoning { .. } | Part::ToolCall { .. } | Part::ToolResult { .. } => None,
    }
}

/// Reads a stored snapshot.
///
/// # Errors
/// [`Error::Gone`] if it went since the gate was asked.
pub async fn load(tx: &mut Tx, snapshot_id: &str) -> Result<Body, Error> {
    let body = store::snapshot_body(tx, snapshot_id).await?.ok_or(Error::Gone)?;
    Ok(serde_json::from_str(&body)?)
}
