//! One message's role and parts.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::{Part, Role};

use super::data_url::{self, Embedded};
use super::text_part;

/// What breaks the form, and where.
pub(super) struct Invalid {
    pub(super) param: Option<String>,
    pub(super) reason: String,
}

impl Invalid {
    pub(super) fn new(param: Option<String>, reason: &str) -> Self {
        Self { param, reason: reason.to_owned() }
    }
}

/// Reads the message at `place`. `call_names` keeps the tools' names by the ids of their calls.
pub(super) fn message(
    value: Value,
    place: &str,
    call_names: &mut HashMap<String, String>,
    embedded: &mut Embedded,
) -> Result<(Role, Vec<Part>), Invalid> {
    let Value::Object(mut message) = value else {
        return Err(Invalid::new(Some(place.to_owned()), "A message is an object with role and content."));
    };
    let role = match message.get("role").and_then(Value::as_str) {
        Some("system" | "developer") => Role::System,
        Some("user") => Role::User,
        Some("assistant") => Role::Assistant,
        Some("tool" | "function") => Role::Tool,
        _ => {
            let roles = "The role is one of system, developer, user, assistant, tool and function.";
            return Err(Invalid::new(Some(format!("{place}.role")), roles));
        }
    };
    let mut parts = Vec::new();
    for key in ["reasoning_content", "reasoning"] {
        if let Some(text) = text_at(&message, key) {
            parts.push(Part::Reasoning { text });
            break;
        }
    }
    let content = message.remove("content").unwrap_or_default();
    contents(content, &format!("{place}.content"), embedded, &mut parts)?;
    if let Some(text) = text_at(&message, "refusal") {
        parts.push(Part::Text { text });
    }
    if role == Role::Tool {
        let by_call = text_at(&message, "tool_call_id").and_then(|id| call_names.get(&id).cloned());
        let name = text_at(&message, "name").or(by_call);
        parts = parts.into_iter().map(|part| result(part, name.as_ref())).collect();
    }
    if let Some(Value::Array(calls)) = message.remove("tool_calls") {
        for call in calls {
            parts.push(tool_call(&call, call_names));
        }
    }
    if let Some(Value::Object(call)) = message.get("function_call") {
        parts.push(named_call(call, "arguments"));
    }
    Ok((role, parts))
}

fn text_at(object: &Map<String, Value>, key: &str) -> Option<String> {
    object.get(key).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn contents(content: Value, place: &str, embedded: &mut Embedded, parts: &mut Vec<Part>) -> Result<(), Invalid> {
    match content {
        Value::Null => {}
        Value::String(text) => parts.extend(text_part(&text)),
        Value::Array(list) => {
            for (index, part) in list.into_iter().enumerate() {
                match part {
                    Value::String(text) => parts.extend(text_part(&text)),
                    Value::Object(part) => parts.extend(content_part(part, embedded)),
                    _ => {
                        let place = format!("{place}[{index}]");
                        return Err(Invalid::new(Some(place), "A content part is an object with a type."));
                    }
                }
            }
        }
        _ => {
            let reason = "The content is a string, a list of parts, or null.";
            return Err(Invalid::new(Some(place.to_owned()), reason));
        }
    }
    Ok(())
}

/// One part of a list; nothing if it is an empty text.
fn content_part(part: Map<String, Value>, embedded: &mut Embedded) -> Option<Part> {
    let kind = text_at(&part, "type").unwrap_or_default();
    match kind.as_str() {
        "text" | "input_text" | "output_text" if part.get("text").is_some_and(Value::is_string) => text_part(part.get("text")?.as_str()?),
        "refusal" if part.get("refusal").is_some_and(Value::is_string) => text_part(part.get("refusal")?.as_str()?),
        "image_url" | "input_image" => {
            // {"image_url": {"url": …}} and, in the Responses form, {"image_url": "…"}.
            let image = part.get("image_url");
            let url = image.and_then(|image| image.get("url").unwrap_or(image).as_str());
            let found = url.and_then(|url| data_url::image(url, embedded));
            found.or_else(|| Some(unknown(kind, part)))
        }
        _ => Some(unknown(kind, part)),
    }
}

fn unknown(kind: String, part: Map<String, Value>) -> Part {
    let kind = if kind.is_empty() { "part".to_owned() } else { kind };
    Part::Unknown { kind, raw: Value::Object(part).to_string() }
}

/// What a tool says is a result, whatever form it came in.
fn result(part: Part, name: Option<&String>) -> Part {
    match part {
        Part::Text { text } => Part::ToolResult { name: name.cloned(), text },
        other => other,
    }
}

fn tool_call(call: &Value, call_names: &mut HashMap<String, String>) -> Part {
    let forms = [("function", "arguments"), ("custom", "input")];
    let found = forms.into_iter().find_map(|(form, key)| match call.get(form) {
        Some(Value::Object(called)) => Some(named_call(called, key)),
        _ => None,
    });
    let Some(part) = found else {
        return Part::Unknown { kind: "tool_call".to_owned(), raw: call.to_string() };
    };
    if let (Part::ToolCall { name, .. }, Some(id)) = (&part, call.get("id").and_then(Value::as_str)) {
        call_names.insert(id.to_owned(), name.clone());
    }
    part
}

fn named_call(called: &Map<String, Value>, key: &str) -> Part {
    Part::ToolCall {
        name: text_at(called, "name").unwrap_or_default(),
        arguments: match called.get(key) {
            Some(Value::String(text)) => text.clone(),
            None | Some(Value::Null) => String::new(),
            Some(other) => other.to_string(),
        },
    }
}
