//! Codex: `~/.codex/sessions/<year>/<month>/<day>/rollout-<time>-<id>.jsonl`.
//!
//! A line is `{timestamp, type, payload}`. The conversation is in the payloads of the type `response_item`, one after
//! the other; the same words stand in `event_msg` once more, for the program's own screen. Files of 2025's first
//! versions have the payloads alone, behind a first line with the session's id.

use std::collections::HashMap;

use serde_json::Value;

use super::time::micros;
use super::{is_shown, raw, text_of};
use crate::chat_completions::data_url::{self, Embedded};
use crate::{Message, Part, Role, Source, Transcript};

/// How texts begin that the program wrote in the person's name: instructions, and where it runs.
const CONTEXT: [&str; 11] = [
    "<environment_context>",
    "<user_instructions>",
    "# AGENTS.md instructions",
    "<INSTRUCTIONS>",
    "<user_shell_command>",
    "<turn_aborted>",
    "<skill",
    "<collaboration_mode>",
    "<permissions instructions>",
    "<subagent_notification>",
    "<user_action>",
];
/// An editor puts what is open before the person's words.
const EDITOR: &str = "# Context from my IDE setup:";
const REQUEST: &str = "## My request for Codex:";

/// A session, as far as it was read.
#[derive(Default)]
pub(crate) struct Session {
    id: Option<String>,
    title: Option<String>,
    messages: Vec<Message>,
    /// The end of the conversation.
    last: Option<usize>,
    /// Names of tools, by the ids of their calls.
    calls: HashMap<String, String>,
    embedded: Embedded,
    first_at: Option<i64>,
    last_at: Option<i64>,
    model: Option<String>,
}

impl Session {
    pub(super) fn line(&mut self, mut line: Value) {
        let at = line.get("timestamp").and_then(Value::as_str).and_then(micros);
        self.first_at = self.first_at.or(at);
        self.last_at = at.or(self.last_at);
        let kind = text_of(&line, "type");
        let payload = line.get_mut("payload").map(Value::take);
        match (kind.as_deref(), payload) {
            // A session that went on from another one names that one too, later.
            (Some("session_meta"), Some(payload)) => self.id = self.id.take().or_else(|| text_of(&payload, "id")),
            (Some("turn_context"), Some(payload)) => self.model = text_of(&payload, "model").or(self.model.take()),
            (Some("response_item"), Some(payload)) => self.item(&payload, at),
            (Some("event_msg"), Some(payload)) => self.event(&payload),
            (Some(_), None) => self.item(&line, at),
            (None, None) if line.get("instructions").is_some() => self.id = self.id.take().or_else(|| text_of(&line, "id")),
            _ => (),
        }
    }

    fn event(&mut self, payload: &Value) {
        match payload.get("type").and_then(Value::as_str) {
            Some("thread_rolled_back") => self.take_back(payload.get("num_turns").and_then(Value::as_u64).unwrap_or_default()),
            Some("thread_name_updated") => self.title = text_of(payload, "thread_name").or(self.title.take()),
            _ => (),
        }
    }

    /// The person took back so many of their questions, and what came of them: a branch that nobody follows.
    fn take_back(&mut self, turns: u64) {
        for _ in 0..turns {
            if self.last.is_none() {
                return;
            }
            while let Some(message) = self.last.and_then(|last| self.messages.get(last)) {
                self.last = message.parent;
                if message.role == Role::User && !message.hidden {
                    break;
                }
            }
        }
    }

    fn item(&mut self, item: &Value, at: Option<i64>) {
        let kind = item.get("type").and_then(Value::as_str).unwrap_or_default();
        match kind {
            "message" => self.message(item, at),
            "reasoning" => {
                let text = ["summary", "content"].into_iter().filter_map(|key| item.get(key)?.as_array()).flatten();
                let text: Vec<&str> = text.filter_map(|piece| piece.get("text")?.as_str()).collect();
                if !text.is_empty() {
                    self.push(Role::Assistant, true, vec![Part::Reasoning { text: text.join("\n\n") }], at);
                }
            }
            _ if kind.ends_with("_call") => {
                let name = text_of(item, "name").unwrap_or_else(|| kind.trim_end_matches("_call").to_owned());
                if let Some(id) = text_of(item, "call_id") {
                    self.calls.insert(id, name.clone());
                }
                let arguments = raw(["arguments", "input", "action"].into_iter().find_map(|key| item.get(key)));
                self.push(Role::Assistant, true, vec![Part::ToolCall { name, arguments }], at);
            }
            _ if kind.ends_with("_output") => {
                let name = text_of(item, "call_id").and_then(|id| self.calls.get(&id).cloned());
                self.push(Role::Tool, true, vec![Part::ToolResult { name, text: raw(item.get("output")) }], at);
            }
            _ => (),
        }
    }

    fn message(&mut self, item: &Value, at: Option<i64>) {
        let role = match item.get("role").and_then(Value::as_str) {
            Some("user") => Role::User,
            Some("assistant") => Role::Assistant,
            _ => Role::System,
        };
        let mut parts = Vec::new();
        let mut hidden = role == Role::System;
        for piece in item.get("content").and_then(Value::as_array).into_iter().flatten() {
            match piece.get("type").and_then(Value::as_str).unwrap_or_default() {
                "input_text" | "output_text" | "text" => {
                    let Some(text) = text_of(piece, "text") else { continue };
                    hidden |= role == Role::User && is_context(&text);
                    parts.extend(words(text, role));
                }
                "input_image" => {
                    let url = piece.get("image_url").and_then(Value::as_str);
                    parts.push(url.and_then(|url| data_url::image(url, &mut self.embedded)).unwrap_or_else(|| unknown(piece)));
                }
                _ => parts.push(unknown(piece)),
            }
        }
        if !parts.is_empty() {
            self.push(role, hidden, parts, at);
        }
    }

    fn push(&mut self, role: Role, hidden: bool, parts: Vec<Part>, at: Option<i64>) {
        let hidden = hidden || !parts.iter().any(is_shown);
        let model = self.model.clone().filter(|_| role == Role::Assistant);
        let source_id = self.messages.len().to_string();
        self.messages.push(Message { source_id, parent: self.last, role, model, created_at_micros: at, hidden, parts });
        self.last = Some(self.messages.len() - 1);
    }

    pub(super) fn finish(self) -> Transcript {
        let first_at = self.first_at.unwrap_or_default();
        Transcript {
            source: Source::Codex,
            source_id: self.id.unwrap_or_else(|| first_at.to_string()),
            prior_source_ids: Vec::new(),
            title: self.title,
            created_at_micros: self.first_at,
            updated_at_micros: self.last_at,
            model: self.model,
            current: self.last,
            messages: self.messages,
            embedded: self.embedded.into_files(),
        }
    }
}

fn is_context(text: &str) -> bool {
    CONTEXT.iter().any(|beginning| text.trim_start().starts_with(beginning))
}

/// What somebody wrote, without what an editor put before it and without the marks around pictures.
fn words(text: String, role: Role) -> Option<Part> {
    if role != Role::User {
        return Some(Part::Text { text });
    }
    let trimmed = text.trim();
    let is_mark = matches!(trimmed, "<image>" | "</image>") || (trimmed.starts_with("<image name=") && trimmed.ends_with('>'));
    if is_mark && !trimmed.contains('\n') {
        return None;
    }
    if trimmed.starts_with(EDITOR)
        && let Some((_, request)) = trimmed.split_once(REQUEST)
    {
        return Some(Part::Text { text: request.trim().to_owned() }).filter(|_| !request.trim().is_empty());
    }
    Some(Part::Text { text })
}

fn unknown(piece: &Value) -> Part {
    let kind = text_of(piece, "type").unwrap_or_else(|| "part".to_owned());
    Part::Unknown { kind, raw: piece.to_string() }
}
