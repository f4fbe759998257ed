//! A question in the words of the library that speaks the wire formats.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use genai::adapter::AdapterKind;
use genai::chat::{ChatMessage, ChatOptions, ChatRequest, ChatResponseFormat, ContentPart, JsonSpec, MessageContent, ReasoningEffort};
use genai::resolver::{AuthData, Endpoint};
use genai::{ModelIden, ServiceTarget};
use serde_json::Value;

use super::frames::Frames;
use super::provider::{Format, Question, Turn, Wishes};
use super::settings::{Kind, ProviderSettings};

/// Where the question goes. The wire format is named by hand: left to itself, the library guesses it from the name.
pub(super) fn target(settings: &ProviderSettings, model: &str) -> ServiceTarget {
    let kind = match settings.kind {
        Kind::OpenAi => AdapterKind::OpenAI,
        // The library's only one of this format that asks without a key.
        Kind::Compatible => AdapterKind::Omlx,
        Kind::Anthropic => AdapterKind::Anthropic,
        Kind::Gemini => AdapterKind::Gemini,
        Kind::Ollama => AdapterKind::Ollama,
    };
    let auth = match &settings.key {
        Some(key) => AuthData::from_single(key.expose()),
        None if settings.kind == Kind::Compatible => AuthData::None,
        // It asks for one that is never sent (Ollama) or will be refused in the provider's own way.
        None => AuthData::from_single("none"),
    };
    // The library cuts a name at its first `::`; one of its own in front keeps ours whole.
    let name = if model.contains("::") { format!("here::{model}") } else { model.to_owned() };
    ServiceTarget { endpoint: Endpoint::from_owned(format!("{}/", settings.base_url)), auth, model: ModelIden::new(kind, name) }
}

/// The conversation.
pub(super) fn request(question: &Question) -> ChatRequest {
    let mut merged: Vec<Turn> = Vec::new();
    for turn in &question.turns {
        match merged.last_mut() {
            _ if turn.text.trim().is_empty() && turn.images.is_empty() => (),
            // Providers want somebody who asks at the beginning…
            None if turn.by_model => (),
            // …and the two in turns.
            Some(last) if last.by_model == turn.by_model => {
                last.text = format!("{}\n\n{}", last.text, turn.text);
                last.images.extend(turn.images.clone());
            }
            _ => merged.push(turn.clone()),
        }
    }
    let request = ChatRequest::new(merged.into_iter().map(message).collect());
    if question.instructions.trim().is_empty() { request } else { request.with_system(question.instructions.clone()) }
}

fn message(turn: Turn) -> ChatMessage {
    if turn.by_model {
        return ChatMessage::assistant(turn.text);
    }
    let mut parts = Vec::new();
    for image in turn.images {
        parts.push(ContentPart::from_binary_base64(image.media_type, STANDARD.encode(&image.bytes), None));
    }
    if parts.is_empty() || !turn.text.trim().is_empty() {
        parts.push(ContentPart::from_text(turn.text));
    }
    ChatMessage::user(MessageContent::from_parts(parts))
}

/// How it is asked.
pub(super) fn options(settings: &ProviderSettings, question: &Question, patience: Duration, frames: Arc<Frames>) -> ChatOptions {
    let model = question.model.as_str();
    let mut options = ChatOptions::default()
        .with_capture_usage(true)
        .with_stream_header_timeout(patience)
        .with_stream_read_timeout(patience)
        .with_raw_frame_sink_arc(frames);
    options.max_tokens = question.max_output_tokens;
    if matches!(settings.kind, Kind::Anthropic | Kind::Gemini) && ends_like_an_effort(model) {
        options.reasoning_effort = Some(ReasoningEffort::Zero);
    }
    match settings.kind {
        // Left open, the library would cut `-max`, `-high` and the like off names; this says nothing to the provider.
        Kind::OpenAi | Kind::Compatible => options.reasoning_effort = Some(ReasoningEffort::Budget(0)),
        // Anthropic wants a length to be said.
        Kind::Anthropic => options.max_tokens = Some(question.max_output_tokens.unwrap_or_else(|| anthropic_length(model))),
        // Models that don't think refuse to be asked for their thoughts.
        Kind::Gemini if thinks(model) => options.capture_reasoning_content = Some(true),
        Kind::Gemini => (),
        Kind::Ollama => {
            if let Some(key) = &settings.key {
                options.extra_headers = Some(("Authorization".to_owned(), format!("Bearer {}", key.expose())).into());
            }
        }
    }
    wish(settings.kind, &question.wishes, options)
}

/// Whether this kind of provider can be asked for the format that is wished.
pub(super) fn can_format(kind: Kind, question: &Question) -> bool {
    match (&question.wishes.format, kind) {
        (None, _) | (_, Kind::OpenAi | Kind::Compatible) => true,
        (Some(Format::Json), kind) => kind == Kind::Ollama,
        (Some(Format::Schema { .. }), kind) => kind != Kind::Ollama,
    }
}

/// Adds what is wished of the answer.
fn wish(kind: Kind, wishes: &Wishes, mut options: ChatOptions) -> ChatOptions {
    options.temperature = wishes.temperature;
    options.top_p = wishes.top_p;
    options.seed = wishes.seed;
    options.stop_sequences.clone_from(&wishes.stop);
    if matches!(kind, Kind::OpenAi | Kind::Compatible) {
        options.extra_body = (!wishes.openai.is_empty()).then(|| Value::Object(wishes.openai.clone()));
    } else {
        options.response_format = wishes.format.as_ref().map(|format| match format {
            Format::Json => ChatResponseFormat::JsonMode,
            Format::Schema { name, schema } => JsonSpec::new(name.clone(), schema.clone()).into(),
        });
    }
    options
}

/// The library would take the end of such a name for a wish and cut it off.
fn ends_like_an_effort(model: &str) -> bool {
    model.rsplit_once('-').is_some_and(|(_, end)| ReasoningEffort::from_keyword(end).is_some())
}

fn anthropic_length(model: &str) -> u32 {
    if model.contains("claude-3-5") || model.contains("claude-3-7") {
        8_192
    } else if model.contains("claude-3-") {
        4_096
    } else {
        16_384
    }
}

fn thinks(model: &str) -> bool {
    (model.contains("gemini-2.5") || model.contains("gemini-3") || model.contains("thinking"))
        && !model.contains("image")
        && !model.contains("tts")
}
