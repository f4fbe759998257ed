//! Claude Code: `~/.claude/projects/<folder>/<session>.jsonl`.
//!
//! Lines are linked by `parentUuid`, and a question that was asked anew has siblings. What the model says in one go is
//! written block by block, a line for each, with one `message.id`. Tool results come on lines of the type `user`, and
//! so does what the program itself tells the model, in tags.

use std::collections::HashMap;

use serde_json::Value;

use super::time::micros;
use super::{is_shown, raw, text_of};
use crate::chat_completions::data_url::Embedded;
use crate::{Message, Part, Role, Source, Transcript};

/// How many summaries are looked at for one of this session.
const MAX_SUMMARIES: usize = 1_000;
/// A text that is nothing but these tags was written by the program, not by the person.
const TAGS: [&str; 17] = [
    "command-name",
    "command-message",
    "command-args",
    "command-contents",
    "local-command-stdout",
    "local-command-stderr",
    "local-command-caveat",
    "bash-input",
    "bash-stdout",
    "bash-stderr",
    "system-reminder",
    "user-memory-input",
    "user-prompt-submit-hook",
    "ide_opened_file",
    "ide_selection",
    "task-notification",
    "teammate-message",
];

/// A session, as far as it was read.
#[derive(Default)]
pub(crate) struct Session {
    id: Option<String>,
    custom_title: Option<String>,
    given_title: Option<String>,
    /// Each with the line that it ends at: a file may begin with summaries of other sessions.
    summaries: Vec<(String, String)>,
    /// Which message a line is part of, or comes after, by the line's id.
    places: HashMap<String, Option<usize>>,
    messages: Vec<Message>,
    /// The `message.id` of the message of this index, while more of it may come, and whether it is to be hidden anyway.
    open: Option<(usize, String, bool)>,
    /// The last message that belongs to the conversation itself.
    last: Option<usize>,
    /// Names of tools, by the ids of their calls.
    calls: HashMap<String, String>,
    embedded: Embedded,
    first_at: Option<i64>,
    last_at: Option<i64>,
    model: Option<String>,
}

impl Session {
    pub(super) fn line(&mut self, line: Value) {
        match line.get("type").and_then(Value::as_str) {
            Some("custom-title") => self.custom_title = text_of(&line, "customTitle").or(self.custom_title.take()),
            Some("ai-title") => self.given_title = text_of(&line, "aiTitle").or(self.given_title.take()),
            Some("summary") if self.summaries.len() < MAX_SUMMARIES => {
                self.summaries.extend(text_of(&line, "leafUuid").zip(text_of(&line, "summary")));
            }
            Some("user" | "assistant") if line.get("message").is_some_and(Value::is_object) => self.message(line),
            _ => {
                // What comes after it is linked to it.
                if let Some(id) = text_of(&line, "uuid") {
                    let parent = self.parent(&line);
                    self.places.entry(id).or_insert(parent);
                }
            }
        }
    }

    /// The message that a line comes after. One whose link leads nowhere comes after the last.
    fn parent(&self, line: &Value) -> Option<usize> {
        // A compacted conversation begins anew, and says where it went on.
        let linked = text_of(line, "parentUuid").or_else(|| text_of(line, "logicalParentUuid"));
        linked.and_then(|id| self.places.get(&id).copied().unwrap_or(self.last))
    }

    fn message(&mut self, mut line: Value) {
        let is = |flag: &str| line.get(flag).and_then(Value::as_bool) == Some(true);
        let side = is("isSidechain");
        let mut forced = side || ["isMeta", "isCompactSummary", "isVisibleInTranscriptOnly", "isApiErrorMessage"].into_iter().any(is);
        let parent = self.parent(&line);
        let id = text_of(&line, "uuid").unwrap_or_else(|| format!("#{}", self.places.len()));
        // A session that was taken up again may hold lines twice.
        if self.places.contains_key(&id) {
            return;
        }
        if !side {
            self.id = self.id.take().or_else(|| text_of(&line, "sessionId"));
        }
        let at = line.get("timestamp").and_then(Value::as_str).and_then(micros);
        self.first_at = self.first_at.or(at);
        self.last_at = at.or(self.last_at);
        let is_person = line.get("type").and_then(Value::as_str) == Some("user");
        let mut message = line.get_mut("message").map(Value::take).unwrap_or_default();
        let model = text_of(&message, "model").filter(|_| !is_person);
        forced |= model.as_deref() == Some("<synthetic>");
        let model = model.filter(|model| model != "<synthetic>");
        let go = text_of(&message, "id").filter(|_| !is_person);
        let parts = self.parts(message.get_mut("content").map(Value::take).unwrap_or_default(), is_person);

        let open =
            self.open.take().filter(|(index, open, hidden)| parent == Some(*index) && go.as_ref() == Some(open) && *hidden == forced);
        let index = if let Some((index, begun)) = open.and_then(|(index, ..)| Some((index, self.messages.get_mut(index)?))) {
            begun.hidden = forced || (begun.hidden && !parts.iter().any(is_shown));
            begun.parts.extend(parts);
            index
        } else {
            let only_results = !parts.is_empty() && parts.iter().all(|part| matches!(part, Part::ToolResult { .. }));
            let role = match is_person {
                true if only_results => Role::Tool,
                true => Role::User,
                false => Role::Assistant,
            };
            let hidden = forced || !parts.iter().any(is_shown);
            self.messages.push(Message { source_id: id.clone(), parent, role, model: model.clone(), created_at_micros: at, hidden, parts });
            self.messages.len() - 1
        };
        self.places.insert(id, Some(index));
        self.open = go.map(|go| (index, go, forced));
        if !side {
            self.last = Some(index);
            self.model = model.or(self.model.take());
        }
    }

    fn parts(&mut self, content: Value, is_person: bool) -> Vec<Part> {
        match content {
            Value::String(text) => words(&text, is_person).into_iter().collect(),
            Value::Array(blocks) => blocks.iter().filter_map(|block| self.block(block, is_person)).collect(),
            _ => Vec::new(),
        }
    }

    fn block(&mut self, block: &Value, is_person: bool) -> Option<Part> {
        match block.get("type").and_then(Value::as_str).unwrap_or_default() {
            "text" => words(block.get("text")?.as_str()?, is_person),
            "thinking" => text_of(block, "thinking").map(|text| Part::Reasoning { text }),
            "redacted_thinking" => None,
            "tool_use" | "server_tool_use" => {
                let name = text_of(block, "name").unwrap_or_default();
                if let Some(id) = text_of(block, "id") {
                    self.calls.insert(id, name.clone());
                }
                Some(Part::ToolCall { name, arguments: raw(block.get("input")) })
            }
            kind if kind.ends_with("tool_result") => {
                let name = text_of(block, "tool_use_id").and_then(|id| self.calls.get(&id).cloned());
                Some(Part::ToolResult { name, text: result(block.get("content")) })
            }
            "image" => {
                let source = block.get("source");
                let data = source.and_then(|source| source.get("data")).and_then(Value::as_str);
                let file = data.and_then(|data| self.embedded.add_base64(data));
                Some(file.map_or_else(|| unknown(block), |file| Part::Image { file, alt: None, width: None, height: None }))
            }
            "document" => {
                let name = text_of(block, "title").unwrap_or_else(|| "document".to_owned());
                let media_type = block.get("source").and_then(|source| text_of(source, "media_type"));
                Some(Part::File { file: None, name, media_type, text: None })
            }
            _ => Some(unknown(block)),
        }
    }

    pub(super) fn finish(mut self) -> Transcript {
        let places = &self.places;
        let summary = self.summaries.drain(..).rfind(|(leaf, _)| places.contains_key(leaf)).map(|(_, summary)| summary);
        let first = self.messages.first().map(|message| message.source_id.clone());
        Transcript {
            source: Source::ClaudeCode,
            source_id: self.id.or(first).unwrap_or_default(),
            prior_source_ids: Vec::new(),
            title: self.custom_title.or(self.given_title).or(summary),
            created_at_micros: self.first_at,
            updated_at_micros: self.last_at,
            model: self.model,
            current: self.last.or(self.messages.len().checked_sub(1)),
            messages: self.messages,
            embedded: self.embedded.into_files(),
        }
    }
}

/// What somebody wrote. What the program wrote in a person's name is no word of theirs.
fn words(text: &str, is_person: bool) -> Option<Part> {
    if !is_person {
        return (!text.trim().is_empty()).then(|| Part::Text { text: text.to_owned() });
    }
    let said = without_reminders(text);
    let trimmed = said.trim();
    if trimmed.is_empty() || is_tags(trimmed) || trimmed.starts_with("[Request interrupted by user") {
        return (!text.trim().is_empty()).then(|| Part::ToolResult { name: None, text: text.to_owned() });
    }
    Some(Part::Text { text: said })
}

/// Takes out what the program put between the person's words.
fn without_reminders(text: &str) -> String {
    const OPEN: &str = "<system-reminder>";
    const CLOSE: &str = "</system-reminder>";
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(OPEN) {
        let Some((_, behind)) = after.split_once(CLOSE) else { break };
        kept.push_str(before);
        rest = behind;
    }
    kept.push_str(rest);
    kept
}

/// Whether a text begins with one of the program's tags and ends with one: one that only quotes them is a person's.
fn is_tags(text: &str) -> bool {
    let opened = text.strip_prefix('<').and_then(|rest| rest.split(['>', ' ']).next());
    let closed = text.strip_suffix('>').and_then(|rest| rest.rsplit("</").next());
    opened.is_some_and(|tag| TAGS.contains(&tag)) && closed.is_some_and(|tag| TAGS.contains(&tag))
}

/// What a tool answered, as text; its pictures are named, not kept.
fn result(content: Option<&Value>) -> String {
    let Some(Value::Array(blocks)) = content else { return raw(content) };
    let texts = blocks.iter().map(|block| match block.get("text").and_then(Value::as_str) {
        Some(text) => text.to_owned(),
        None => format!("[{}]", block.get("type").and_then(Value::as_str).unwrap_or("unknown")),
    });
    texts.collect::<Vec<_>>().join("\n")
}

fn unknown(block: &Value) -> Part {
    let kind = text_of(block, "type").unwrap_or_else(|| "block".to_owned());
    Part::Unknown { kind, raw: block.to_string() }
}
