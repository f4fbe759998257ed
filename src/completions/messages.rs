//! The conversation so far, as a program tells it.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::content::{self, Content};
use crate::error::Error;
use crate::links::api::create::text_or_parts_or_null;
use crate::providers::catalog::Model;
use crate::providers::provider::{Image, Turn};

/// The most messages of one request.
const MAX_MESSAGES: usize = 10_000;

/// A message in the Chat Completions form.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChatCompletionMessage)]
pub struct Message {
    /// `system` and `developer` instruct the model; the others are the conversation.
    #[schema(value_type = Role)]
    role: String,
    /// A text, or a list of parts of the types `text` and `image_url`, pictures as `data:` addresses. What an assistant
    /// said may be null.
    #[schema(schema_with = text_or_parts_or_null, required = false)]
    content: Option<Value>,
    /// Who is meant among several. Passed over.
    name: Option<String>,
    /// What an assistant said in the place of an answer.
    refusal: Option<String>,
    /// The calls of programs that an assistant made: told to the model in words.
    #[schema(value_type = Option<Vec<Object>>)]
    tool_calls: Option<Vec<Map<String, Value>>>,
    /// Which call this is the result of.
    tool_call_id: Option<String>,
    /// One call of a program, in the older form: told to the model in words.
    #[schema(value_type = Option<Object>)]
    function_call: Option<Map<String, Value>>,
    /// Passed over: so that an answer can be sent back as it came.
    #[serde(rename = "reasoning_content")]
    _reasoning_content: Option<String>,
    /// Passed over: so that an answer can be sent back as it came.
    #[serde(rename = "reasoning")]
    _reasoning: Option<String>,
    /// Passed over: so that an answer can be sent back as it came.
    #[serde(rename = "annotations")]
    #[schema(value_type = Option<Vec<Object>>)]
    _annotations: Option<Vec<Map<String, Value>>>,
    /// Passed over: so that an answer can be sent back as it came.
    #[serde(rename = "audio")]
    #[schema(value_type = Option<Object>)]
    _audio: Option<Map<String, Value>>,
    /// Passed over: so that an answer can be sent back as it came.
    #[serde(rename = "images")]
    #[schema(value_type = Option<Vec<Object>>)]
    _images: Option<Vec<Map<String, Value>>>,
}

/// Who speaks.
#[derive(ToSchema)]
#[schema(as = ChatCompletionRole, rename_all = "lowercase")]
pub enum Role {
    /// Instructions.
    System,
    /// Instructions, in OpenAI's newer word.
    Developer,
    /// Who asks.
    User,
    /// The model.
    Assistant,
    /// What a program answered that the model called.
    Tool,
    /// The same in its older form.
    Function,
}

/// What a model is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// What `system` and `developer` said, wherever they stood.
    pub instructions: String,
    /// The conversation.
    pub turns: Vec<Turn>,
}

/// Reads the messages for `model`.
///
/// # Errors
/// [`Error::BadRequest`] with the place of what can't be taken as `param`.
pub fn read(messages: Vec<Message>, model: &Model) -> Result<Told, Error> {
    if messages.is_empty() {
        return Err(Error::bad_param("messages", "There are no messages. Say something to the model."));
    }
    if messages.len() > MAX_MESSAGES {
        return Err(Error::bad_param("messages", format!("These are more than {MAX_MESSAGES} messages.")));
    }
    let mut told = Told::default();
    let mut instructions = Content::default();
    let mut calls = HashMap::new();
    for (at, message) in messages.into_iter().enumerate() {
        let place = format!("messages[{at}]");
        let role = message.role.clone();
        let content = said(message, &place, &mut calls)?;
        match role.as_str() {
            "system" | "developer" => instructions.say(&content.text),
            role => told.turns.push(turn(role == "assistant", content, model)?),
        }
    }
    told.instructions = instructions.text;
    // Providers want somebody who asks.
    if told.turns.iter().all(|turn| turn.text.trim().is_empty() && turn.images.is_empty()) {
        if told.instructions.trim().is_empty() {
            return Err(Error::bad_param("messages", "Nothing is said in these messages. Say something to the model."));
        }
        told.turns = vec![Turn { by_model: false, text: std::mem::take(&mut told.instructions), images: Vec::new() }];
    }
    Ok(told)
}

/// What one message says. `calls` keeps the names of called programs by the ids of the calls.
fn said(message: Message, place: &str, calls: &mut HashMap<String, String>) -> Result<Content, Error> {
    let Message { role, content, refusal, tool_calls, tool_call_id, function_call, name, .. } = message;
    let by_assistant = role == "assistant";
    if !matches!(role.as_str(), "system" | "developer" | "user" | "assistant" | "tool" | "function") {
        let words = "This must be one of: system, developer, user, assistant, tool.";
        return Err(Error::bad_param(format!("{place}.role"), words));
    }
    let place = format!("{place}.content");
    let mut content = match content {
        Some(content) => content::read(content, &place)?,
        None if by_assistant => Content::default(),
        None => return Err(Error::bad_param(place, "This must be a text, or a list of content parts.")),
    };
    if let Some(picture) = content.pictures.first()
        && role != "user"
    {
        return Err(Error::bad_param(picture.place.clone(), "Only messages of the role user can have pictures."));
    }
    if !by_assistant {
        if matches!(role.as_str(), "tool" | "function") {
            let called = tool_call_id.and_then(|id| calls.get(&id).cloned()).or(name);
            content.text = format!("[Result of {}]\n\n{}", called.as_deref().unwrap_or("a program"), content.text);
        }
        return Ok(content);
    }
    if let Some(refusal) = refusal {
        content.say(&refusal);
    }
    for call in tool_calls.into_iter().flatten().map(Value::Object).chain(function_call.map(|call| serde_json::json!({"function": call}))) {
        let text = |at: &str| call.pointer(at).and_then(Value::as_str);
        let name = text("/function/name").or_else(|| text("/custom/name")).unwrap_or("a program");
        let arguments = text("/function/arguments").or_else(|| text("/custom/input")).unwrap_or_default();
        if let Some(id) = text("/id") {
            calls.insert(id.to_owned(), name.to_owned());
        }
        content.say(&format!("[Called {name} with {arguments}]"));
    }
    Ok(content)
}

fn turn(by_model: bool, content: Content, model: &Model) -> Result<Turn, Error> {
    let Content { text, pictures } = content;
    if let Some(picture) = pictures.first()
        && !model.takes_images
    {
        let words = format!("{} doesn't take pictures. Leave them out, or choose another model.", model.name);
        return Err(Error::bad_param(picture.place.clone(), words));
    }
    let images = pictures.into_iter().map(|picture| Image { media_type: picture.media_type.to_owned(), bytes: picture.bytes });
    Ok(Turn { by_model, text, images: images.collect() })
}
