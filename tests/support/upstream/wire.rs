//! The providers' wire formats, as they write them.

use serde_json::{Value, json};

use super::script::{Step, Tool};

/// A wire format, known by the address that was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wire {
    OpenAi,
    Anthropic,
    Gemini,
    Ollama,
}

impl Wire {
    /// The format of the answers at this path.
    pub(super) fn of(path: &str) -> Option<Self> {
        let path = path.split('?').next().unwrap();
        match path {
            _ if path.ends_with("/chat/completions") => Some(Self::OpenAi),
            _ if path.ends_with("/messages") => Some(Self::Anthropic),
            _ if path.ends_with(":streamGenerateContent") => Some(Self::Gemini),
            _ if path.ends_with("/api/chat") => Some(Self::Ollama),
            _ => None,
        }
    }

    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::Ollama => "application/x-ndjson",
            Self::OpenAi | Self::Anthropic | Self::Gemini => "text/event-stream; charset=utf-8",
        }
    }

    /// What stands before the first step.
    pub(super) fn begin(self) -> Vec<u8> {
        match self {
            Self::OpenAi => openai(&json!({"role": "assistant", "content": ""}), &Value::Null),
            Self::Anthropic => {
                let message = json!({"id": "msg_1", "type": "message", "role": "assistant", "model": "scripted", "content": [],
                    "stop_reason": null, "usage": {"input_tokens": 11, "output_tokens": 1}});
                [event("message_start", &json!({"type": "message_start", "message": message})), event("ping", &json!({"type": "ping"}))]
                    .concat()
            }
            Self::Gemini | Self::Ollama => Vec::new(),
        }
    }

    /// One step; `number` counts the steps, for formats whose blocks have numbers.
    pub(super) fn step(self, step: &Step, number: usize) -> Vec<u8> {
        match (self, step) {
            (_, Step::Raw(bytes)) => bytes.clone(),
            (Self::OpenAi, step) => openai_step(step),
            (Self::Anthropic, step) => anthropic_step(step, number),
            (Self::Gemini, step) => gemini_step(step),
            (Self::Ollama, step) => ollama_step(step),
        }
    }
}

fn openai(delta: &Value, finish_reason: &Value) -> Vec<u8> {
    let choices = json!([{"index": 0, "delta": delta, "logprobs": null, "finish_reason": finish_reason}]);
    data(&json!({"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1_768_478_400, "model": "scripted", "choices": choices}))
}

fn openai_step(step: &Step) -> Vec<u8> {
    match step {
        Step::Text(text) => openai(&json!({"content": text}), &Value::Null),
        Step::Reasoning(text) => openai(&json!({"reasoning_content": text}), &Value::Null),
        Step::Image(media_type, bytes) => {
            let url = format!("data:{media_type};base64,{}", base64(bytes));
            openai(&json!({"content": "", "images": [{"type": "image_url", "image_url": {"url": url}}]}), &Value::Null)
        }
        Step::ToolCall(Tool { name, fragments }) => {
            let first = json!([{"index": 0, "id": "call_1", "type": "function", "function": {"name": name, "arguments": ""}}]);
            let more = fragments.iter().map(|fragment| json!([{"index": 0, "function": {"arguments": fragment}}]));
            std::iter::once(first).chain(more).flat_map(|calls| openai(&json!({"tool_calls": calls}), &Value::Null)).collect()
        }
        Step::Error(message) => data(&json!({"error": {"message": message, "type": "server_error", "param": null, "code": null}})),
        Step::End(reason, read, written) => {
            let reason = if *reason == "filtered" { "content_filter" } else { reason };
            let usage = json!({"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written});
            let tail = json!({"id": "chatcmpl-1", "object": "chat.completion.chunk", "choices": [], "usage": usage});
            [openai(&json!({}), &json!(reason)), data(&tail), b"data: [DONE]\n\n".to_vec()].concat()
        }
        _ => Vec::new(),
    }
}

fn anthropic_step(step: &Step, number: usize) -> Vec<u8> {
    let block = |kind: Value, deltas: Vec<Value>| {
        let mut all = event("content_block_start", &json!({"type": "content_block_start", "index": number, "content_block": kind}));
        for delta in deltas {
            all.extend(event("content_block_delta", &json!({"type": "content_block_delta", "index": number, "delta": delta})));
        }
        all.extend(event("content_block_stop", &json!({"type": "content_block_stop", "index": number})));
        all
    };
    match step {
        Step::Text(text) => block(json!({"type": "text", "text": ""}), vec![json!({"type": "text_delta", "text": text})]),
        Step::Reasoning(text) => {
            let signature = json!({"type": "signature_delta", "signature": "c2lnbmF0dXJl"});
            block(
                json!({"type": "thinking", "thinking": "", "signature": ""}),
                vec![json!({"type": "thinking_delta", "thinking": text}), signature],
            )
        }
        Step::ToolCall(Tool { name, fragments }) => {
            let deltas = fragments.iter().map(|part| json!({"type": "input_json_delta", "partial_json": part})).collect();
            block(json!({"type": "tool_use", "id": "toolu_1", "name": name, "input": {}}), deltas)
        }
        Step::Error(message) => event("error", &json!({"type": "error", "error": {"type": "overloaded_error", "message": message}})),
        Step::End(reason, _, written) => {
            let reason = match *reason {
                "length" => "max_tokens",
                "filtered" => "refusal",
                _ => "end_turn",
            };
            let delta = json!({"stop_reason": reason, "stop_sequence": null});
            [
                event("message_delta", &json!({"type": "message_delta", "delta": delta, "usage": {"output_tokens": written}})),
                event("message_stop", &json!({"type": "message_stop"})),
            ]
            .concat()
        }
        _ => Vec::new(),
    }
}

fn gemini_step(step: &Step) -> Vec<u8> {
    let chunk = |parts: Value| json!({"candidates": [{"content": {"parts": parts, "role": "model"}, "index": 0}]});
    let value = match step {
        Step::Text(text) => chunk(json!([{"text": text}])),
        Step::Reasoning(text) => chunk(json!([{"text": text, "thought": true}])),
        Step::Image(media_type, bytes) => chunk(json!([{"inlineData": {"mimeType": media_type, "data": base64(bytes)}}])),
        Step::ToolCall(tool) => chunk(json!([{"functionCall": {"name": tool.name, "args": tool.arguments()}}])),
        Step::Error(message) => json!({"error": {"code": 503, "message": message, "status": "UNAVAILABLE"}}),
        Step::End(reason, read, written) => {
            let reason = match *reason {
                "length" => "MAX_TOKENS",
                "filtered" => "SAFETY",
                _ => "STOP",
            };
            let usage = json!({"promptTokenCount": read, "candidatesTokenCount": written, "totalTokenCount": read + written});
            let candidate = json!({"content": {"parts": [{"text": ""}], "role": "model"}, "finishReason": reason, "index": 0});
            json!({"candidates": [candidate], "usageMetadata": usage, "modelVersion": "scripted"})
        }
        _ => return Vec::new(),
    };
    format!("data: {value}\r\n\r\n").into_bytes()
}

fn ollama_step(step: &Step) -> Vec<u8> {
    let line = |message: Value| json!({"model": "scripted", "created_at": "2026-01-15T12:00:00Z", "message": message, "done": false});
    let value = match step {
        Step::Text(text) => line(json!({"role": "assistant", "content": text})),
        Step::Reasoning(text) => line(json!({"role": "assistant", "content": "", "thinking": text})),
        Step::ToolCall(tool) => {
            let call = json!({"function": {"name": tool.name, "arguments": tool.arguments()}});
            line(json!({"role": "assistant", "content": "", "tool_calls": [call]}))
        }
        Step::Error(message) => json!({"error": message}),
        Step::End(reason, read, written) => json!({
            "model": "scripted", "created_at": "2026-01-15T12:00:00Z", "message": {"role": "assistant", "content": ""}, "done": true,
            "done_reason": reason, "total_duration": 1, "prompt_eval_count": read, "eval_count": written,
        }),
        _ => return Vec::new(),
    };
    format!("{value}\n").into_bytes()
}

impl Tool {
    fn arguments(&self) -> Value {
        serde_json::from_str(&self.fragments.concat()).unwrap()
    }
}

fn data(value: &Value) -> Vec<u8> {
    format!("data: {value}\n\n").into_bytes()
}

fn event(name: &str, value: &Value) -> Vec<u8> {
    format!("event: {name}\ndata: {value}\n\n").into_bytes()
}

/// With padding.
pub(super) fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let number = group.iter().chain([0, 0].iter()).take(3).fold(0_usize, |number, byte| number << 8 | usize::from(*byte));
        for place in 0..4 {
            let letter = LETTERS[number >> (18 - 6 * place) & 63];
            text.push(if place <= group.len() { char::from(letter) } else { '=' });
        }
    }
    text
}
