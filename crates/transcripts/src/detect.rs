//! Whose export a piece of JSON is, by its keys.

use memchr::memmem;
use serde::de::{Deserialize, Deserializer, IgnoredAny};

use crate::Source;

/// That a key is there, whatever its value.
#[derive(Default, Clone, Copy)]
struct Seen(bool);

impl<'de> Deserialize<'de> for Seen {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Self(true))
    }
}

/// The value of a key, if it is a word.
#[derive(Default)]
struct Word(Option<String>);

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // As it stands there, so that its depth is nobody's trouble.
        let raw = Box::<serde_json::value::RawValue>::deserialize(deserializer)?;
        Ok(Self(serde_json::from_str(raw.get()).ok()))
    }
}

#[derive(serde::Deserialize, Default)]
#[serde(default)]
struct Keys {
    mapping: Seen,
    chat_messages: Seen,
    chat: Seen,
    #[serde(rename = "conversationId")]
    conversation_id: Seen,
    #[serde(rename = "messagesTree")]
    messages_tree: Seen,
    messages: Seen,
    conversations: Seen,
    from: Seen,
    value: Seen,
    version: Seen,
    history: Seen,
    #[serde(rename = "sessionId")]
    session_id: Seen,
    message: Seen,
    role: Seen,
    content: Seen,
    tool_calls: Seen,
    #[serde(rename = "type")]
    kind: Word,
    payload: Seen,
    timestamp: Seen,
    instructions: Seen,
    id: Seen,
}

/// Recognises a conversation (or a message, for forms that list messages alone).
pub(crate) fn source_of(json: &[u8]) -> Option<Source> {
    if json.starts_with(b"[") {
        let inner: Vec<Keys> = serde_json::from_slice(json).ok()?;
        return inner.first().filter(|keys| keys.role.0).map(|_| Source::ChatCompletions);
    }
    if !json.starts_with(b"{") {
        return None;
    }
    let Ok(keys) = serde_json::from_slice::<Keys>(json) else {
        return guess(json);
    };
    if keys.chat_messages.0 {
        Some(Source::Claude)
    } else if keys.mapping.0 {
        Some(Source::ChatGpt)
    } else if keys.conversation_id.0 && (keys.messages.0 || keys.messages_tree.0) {
        Some(Source::LibreChat)
    } else if keys.conversations.0 || (keys.from.0 && keys.value.0) {
        Some(Source::ShareGpt)
    } else if keys.version.0 && keys.history.0 {
        Some(Source::ChatbotUi)
    } else if keys.session_id.0 && keys.message.0 {
        Some(Source::ClaudeCode)
    } else if is_codex(&keys) {
        Some(Source::Codex)
    } else if keys.messages.0 || is_message(&keys) {
        Some(Source::ChatCompletions)
    } else if keys.chat.0 {
        Some(Source::OpenWebUi)
    } else {
        None
    }
}

/// Whether this is one message in the Chat Completions form, not a conversation.
pub(crate) fn is_lone_message(json: &[u8]) -> bool {
    serde_json::from_slice::<Keys>(json).is_ok_and(|keys| !keys.messages.0 && is_message(&keys))
}

/// A line of a Codex session: in an envelope, or the first one of the early versions.
fn is_codex(keys: &Keys) -> bool {
    const KINDS: [&str; 5] = ["session_meta", "response_item", "event_msg", "turn_context", "compacted"];
    let enveloped = keys.payload.0 && keys.kind.0.as_deref().is_some_and(|kind| KINDS.contains(&kind));
    keys.timestamp.0 && (enveloped || (keys.instructions.0 && keys.id.0 && keys.kind.0.is_none()))
}

fn is_message(keys: &Keys) -> bool {
    keys.role.0 && (keys.content.0 || keys.tool_calls.0)
}

/// Recognises JSON that is cut off or broken, by the words in it.
pub(crate) fn guess(json: &[u8]) -> Option<Source> {
    let has = |word: &str| memmem::find(json, word.as_bytes()).is_some();
    if has("\"chat_messages\"") {
        Some(Source::Claude)
    } else if has("\"mapping\"") {
        Some(Source::ChatGpt)
    } else if has("\"role\"") && (has("\"messages\"") || has("\"content\"")) {
        Some(Source::ChatCompletions)
    } else {
        None
    }
}
