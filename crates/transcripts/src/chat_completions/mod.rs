//! Messages in the form of the Chat Completions API: the language every client of a model speaks.
//!
//! There are no ids and no branches. A message's id is the hash of all that was said up to it, so the
//! same beginning has the same ids, and a file that grew is seen to continue an earlier one
//! ([`Transcript::prior_source_ids`]).

mod content;
pub(crate) mod data_url;

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::reading::Unreadable;
use crate::repair::{readable, repaired};
use crate::{Error, Limits, Message, Part, Role, Source, Transcript, hash};

use content::Invalid;

/// How many earlier states are remembered.
const MAX_PRIOR: usize = 500;

/// Reads one conversation from memory: `{"messages": […], "title"?, "id"?, "model"?}` or an array of
/// messages. Images in `data:` addresses become [`Transcript::embedded`].
///
/// # Errors
/// [`Error::Invalid`], with the place (`messages[3].role`) as `param`.
pub fn parse(json: &[u8]) -> Result<Transcript, Error> {
    let text = readable(json, &mut 0);
    let value =
        value_of(&text, &mut 0).map_err(|error| Error::Invalid { param: None, reason: format!("The JSON could not be read: {error}.") })?;
    let transcript = transcript(value).map_err(|Invalid { param, reason }| Error::Invalid { param, reason })?;
    let max_bytes = Limits::default().max_text_bytes;
    for (index, message) in transcript.messages.iter().enumerate() {
        if crate::reading::message_bytes(message) > max_bytes {
            return Err(Error::Invalid {
                param: Some(format!("messages[{index}].content")),
                reason: format!("A message can have at most {max_bytes} bytes."),
            });
        }
    }
    Ok(transcript)
}

/// Reads one conversation of a file.
pub(crate) fn read(text: &str, replaced: &mut u64) -> Result<Transcript, Unreadable> {
    let value = value_of(text, replaced).map_err(|error| Unreadable { title: None, reason: format!("Its JSON is damaged: {error}.") })?;
    let title = value.get("title").and_then(Value::as_str).map(str::to_owned);
    transcript(value).map_err(|Invalid { param, reason }| Unreadable {
        title,
        reason: match param {
            Some(param) => format!("{reason} ({param})"),
            None => reason,
        },
    })
}

fn value_of(text: &str, replaced: &mut u64) -> Result<Value, serde_json::Error> {
    serde_json::from_str(text).or_else(|error| serde_json::from_str(&repaired(text, replaced)).map_err(|_| error))
}

fn transcript(value: Value) -> Result<Transcript, Invalid> {
    let mut about = match value {
        Value::Array(messages) => Map::from_iter([("messages".to_owned(), Value::Array(messages))]),
        Value::Object(about) => about,
        _ => return Err(Invalid::new(None, "An object with messages is needed.")),
    };
    let Some(Value::Array(list)) = about.remove("messages") else {
        return Err(Invalid::new(Some("messages".to_owned()), "A list of messages is needed."));
    };
    if list.is_empty() {
        return Err(Invalid::new(Some("messages".to_owned()), "There are no messages."));
    }
    let mut embedded = data_url::Embedded::default();
    let mut call_names = HashMap::new();
    let mut messages: Vec<Message> = Vec::with_capacity(list.len());
    for (index, value) in list.into_iter().enumerate() {
        let place = format!("messages[{index}]");
        let (role, parts) = content::message(value, &place, &mut call_names, &mut embedded)?;
        let parent = index.checked_sub(1);
        let parent_id = parent.and_then(|parent| messages.get(parent)).map_or("", |parent| &parent.source_id);
        let content = serde_json::to_vec(&parts).map_err(|error| Invalid::new(Some(place), &format!("It cannot be kept: {error}.")))?;
        let role_name = [match role {
            Role::System => b's',
            Role::User => b'u',
            Role::Assistant => b'a',
            Role::Tool => b't',
        }];
        messages.push(Message {
            source_id: hash::name(&[parent_id.as_bytes(), &role_name, &content]),
            parent,
            role,
            model: None,
            created_at_micros: None,
            hidden: role == Role::System || parts.is_empty(),
            parts,
        });
    }
    let mut states: Vec<String> = messages.iter().map(|message| message.source_id.clone()).collect();
    let whole = states.pop().unwrap_or_default();
    let text = |key: &str| {
        let text = about.get(key).and_then(Value::as_str);
        text.filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let (source_id, prior_source_ids) = match text("id") {
        Some(id) => (id, Vec::new()),
        None => (whole, states.split_off(states.len().saturating_sub(MAX_PRIOR))),
    };
    Ok(Transcript {
        source: Source::ChatCompletions,
        source_id,
        prior_source_ids,
        title: text("title"),
        created_at_micros: None,
        updated_at_micros: None,
        model: text("model"),
        current: messages.len().checked_sub(1),
        messages,
        embedded: embedded.into_files(),
    })
}

/// So that an empty list of parts and a text of nothing are the same to those who compare.
pub(crate) fn text_part(text: &str) -> Option<Part> {
    (!text.is_empty()).then(|| Part::Text { text: text.to_owned() })
}
