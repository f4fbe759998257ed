//! An answer's stream, from the library's events to ours.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_util::Stream;
use genai::chat::{ChatStream, ChatStreamEvent, StopReason, StreamEnd, ToolCall};
use serde_json::Value;

use super::failure::{self, Cause};
use super::frames::Frames;
use super::provider::{EndReason, Failure, Piece, Usage};
use super::settings::Kind;
use super::thoughts::Thoughts;

/// Our stream over the library's.
pub(super) struct Pieces {
    stream: ChatStream,
    kind: Kind,
    provider: String,
    frames: Arc<Frames>,
    thoughts: Thoughts,
    /// What is to be handed out before more is read.
    ready: VecDeque<Result<Piece, Failure>>,
    /// The call whose arguments are being put together.
    call: Option<Call>,
    /// Something was handed out.
    said: bool,
    over: bool,
}

struct Call {
    id: String,
    name: String,
    arguments: String,
}

impl Pieces {
    pub(super) fn new(stream: ChatStream, kind: Kind, provider: &str, frames: Arc<Frames>) -> Self {
        let thoughts = Thoughts::new(matches!(kind, Kind::Compatible | Kind::Ollama));
        let provider = provider.to_owned();
        Self { stream, kind, provider, frames, thoughts, ready: VecDeque::new(), call: None, said: false, over: false }
    }

    fn push(&mut self, piece: Piece) {
        self.said = true;
        self.ready.push_back(Ok(piece));
    }

    fn fail(&mut self, cause: Cause) {
        self.flush();
        self.over = true;
        self.ready.push_back(Err(failure::of(cause, &self.provider)));
    }

    /// Hands out what waits for more: a call, a tag that was none.
    fn flush(&mut self) {
        for piece in self.thoughts.rest() {
            self.push(piece);
        }
        self.finish_call();
    }

    fn finish_call(&mut self) {
        if let Some(Call { name, arguments, .. }) = self.call.take() {
            // What is no JSON becomes a string of it, so that it is always JSON.
            let arguments = match serde_json::from_str::<Value>(&arguments) {
                Ok(_) => arguments,
                Err(_) if arguments.trim().is_empty() => "{}".to_owned(),
                Err(_) => Value::String(arguments).to_string(),
            };
            self.push(Piece::ToolCall { name, arguments });
        }
    }

    fn event(&mut self, event: ChatStreamEvent) {
        match event {
            ChatStreamEvent::Chunk(chunk) if !chunk.content.is_empty() => {
                self.finish_call();
                for piece in self.thoughts.take(chunk.content) {
                    self.push(piece);
                }
            }
            ChatStreamEvent::ReasoningChunk(chunk) if !chunk.content.is_empty() => self.push(Piece::Reasoning(chunk.content)),
            ChatStreamEvent::ToolCallChunk(chunk) => self.fragment(chunk.tool_call),
            ChatStreamEvent::End(end) => self.end(&end),
            _ => (),
        }
    }

    fn fragment(&mut self, fragment: ToolCall) {
        let ToolCall { call_id, fn_name, fn_arguments, .. } = fragment;
        let arguments = match fn_arguments {
            Value::String(text) => text,
            Value::Null => String::new(),
            value => value.to_string(),
        };
        match &mut self.call {
            // Anthropic's come with everything before them; the others' alone.
            Some(call) if call.id == call_id && self.kind == Kind::Anthropic => call.arguments = arguments,
            Some(call) if call.id == call_id || fn_name.is_empty() => call.arguments.push_str(&arguments),
            _ => {
                self.flush();
                self.call = Some(Call { id: call_id, name: fn_name, arguments });
            }
        }
    }

    fn end(&mut self, end: &StreamEnd) {
        let seen = self.frames.rest();
        let reason = match &end.captured_stop_reason {
            Some(StopReason::MaxTokens(_)) => Some(EndReason::Length),
            Some(StopReason::ContentFilter(_)) => Some(EndReason::Filtered),
            Some(_) => Some(EndReason::Complete),
            None => None,
        };
        let usage = end.captured_usage.as_ref().map(|usage| Usage {
            input_tokens: i64::from(usage.prompt_tokens.unwrap_or(0).max(0)),
            output_tokens: i64::from(usage.completion_tokens.unwrap_or(0).max(0)),
        });
        self.flush();
        match reason {
            _ if seen.error.is_some() => self.fail(failure::told(None, seen.error.as_deref().unwrap_or_default())),
            // The library makes an end for these two when there was none.
            None if matches!(self.kind, Kind::Gemini | Kind::Ollama) => self.broken_off(),
            None | Some(EndReason::Complete) if !self.said => self.fail(Cause::Empty),
            reason => self.over(reason.unwrap_or(EndReason::Complete), usage),
        }
    }

    fn over(&mut self, reason: EndReason, usage: Option<Usage>) {
        self.over = true;
        self.ready.push_back(Ok(Piece::End { reason, usage }));
    }

    /// The connection ended before the answer did.
    fn broken_off(&mut self) {
        self.flush();
        self.fail(if self.said { Cause::BrokeOff } else { Cause::Nonsense });
    }

    /// The stream ended without the event that ends an answer.
    fn ended_early(&mut self) {
        let seen = self.frames.rest();
        match seen.finish.as_deref() {
            // Some servers leave the last line out.
            Some(word) if self.said || self.call.is_some() => {
                self.flush();
                let reason = match StopReason::from(word.to_owned()) {
                    StopReason::MaxTokens(_) => EndReason::Length,
                    StopReason::ContentFilter(_) => EndReason::Filtered,
                    _ => EndReason::Complete,
                };
                self.over(reason, None);
            }
            _ => self.broken_off(),
        }
    }

    /// Takes an error; some are none.
    fn error(&mut self, error: &genai::Error) {
        if self.kind == Kind::Gemini && matches!(error, genai::Error::ChatResponse { body, .. } if body.get("error").is_none()) {
            // A frame without candidates: of a question that was refused, or with the tokens' count alone.
            if self.frames.rest().blocked {
                self.fail(Cause::Declined);
            }
            return;
        }
        let cause = failure::cause(error);
        self.fail(if self.said && cause == Cause::Nonsense { Cause::BrokeOff } else { cause });
    }
}

impl Stream for Pieces {
    type Item = Result<Piece, Failure>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(piece) = self.ready.pop_front() {
                return Poll::Ready(Some(piece));
            }
            if self.over {
                return Poll::Ready(None);
            }
            let polled = Pin::new(&mut self.stream).poll_next(cx);
            for image in self.frames.images() {
                self.finish_call();
                self.push(Piece::Image(image));
            }
            if polled.is_pending() && !self.ready.is_empty() {
                continue;
            }
            match ready!(polled) {
                Some(Ok(event)) => self.event(event),
                Some(Err(error)) => self.error(&error),
                None => self.ended_early(),
            }
        }
    }
}
