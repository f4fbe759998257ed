//! An answer that is handed over as it arrives: server-sent events, each a `chat.completion.chunk`, and `[DONE]` at the
//! end. What goes wrong on the way is an event too, `{"error": …}`, and the last.
//!
//! A task reads the answer and a program takes it, a few chunks behind at most: a program that is slow slows its
//! provider, and one that takes nothing for a while is let go of.

use std::convert::Infallible;
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Serialize;
use tokio::sync::mpsc;
use tokio::time::timeout;
use utoipa::ToSchema;

use super::running::Completion;
use super::whole::{Head, Image, Usage, finish_reason};
use crate::app::App;
use crate::error::Error;
use crate::http::problem;
use crate::providers::provider::Piece;

/// How long the first piece is waited for. What fails before it is told by the answer's status; what fails later, by an
/// event.
const FIRST: Duration = Duration::from_secs(10);
/// Chunks that wait for a program.
const WAITING: usize = 16;
/// How long a program may take none of them.
const PATIENCE: Duration = Duration::from_mins(1);
/// How often a quiet line says that it is still there.
const STILL_HERE: Duration = Duration::from_secs(20);

/// A piece of an answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChatCompletionChunk {
    /// Of the answer: the same in every chunk.
    id: String,
    /// Always `chat.completion.chunk`.
    #[schema(example = "chat.completion.chunk")]
    object: &'static str,
    /// Unix seconds.
    created: i64,
    /// The model that was asked.
    model: String,
    /// One; none in the chunk with the usage.
    choices: Vec<Choice>,
    /// With `include_usage`: null, and in the last chunk what it cost.
    #[serde(skip_serializing_if = "Cost::is_untold")]
    #[schema(value_type = Option<Usage>, required = false)]
    usage: Cost,
    /// Always null.
    #[schema(required = true)]
    system_fingerprint: Option<String>,
}

/// What stands in a chunk of the cost.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(untagged)]
enum Cost {
    /// Nothing: nobody asked for it.
    Untold,
    /// Null until the end; then it.
    Told(Option<Usage>),
}

impl Cost {
    fn is_untold(&self) -> bool {
        matches!(self, Self::Untold)
    }
}

/// More of the one answer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChatCompletionChunkChoice)]
struct Choice {
    /// Always 0.
    index: u32,
    /// What came.
    delta: Delta,
    /// Always null.
    #[schema(required = true)]
    logprobs: Option<String>,
    /// Null until the last one; then as in `ChatCompletion`.
    #[schema(required = true)]
    finish_reason: Option<&'static str>,
}

/// What came.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = ChatCompletionDelta)]
struct Delta {
    /// In the first one: `assistant`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    role: Option<&'static str>,
    /// More words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    content: Option<String>,
    /// More of what the model thinks before it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    reasoning_content: Option<String>,
    /// A picture.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    images: Vec<Image>,
}

/// Hands the answer over as it arrives.
///
/// # Errors
/// When it fails before its first piece.
pub async fn stream(app: &App, mut completion: Completion, head: Head, include_usage: bool) -> Result<Response, Error> {
    let first = match timeout(FIRST, completion.next()).await {
        Ok(Some(Err(error))) => return Err(error),
        Ok(Some(Ok(piece))) => Some(piece),
        Ok(None) | Err(_) => None,
    };
    let (sender, receiver) = mpsc::channel(WAITING);
    let writer = Writer { sender, head, include_usage };
    app.tasks.spawn(async move {
        // A program that hangs up drops the receiver; then all of this is dropped, and with it the provider's connection.
        let gone = writer.sender.clone();
        tokio::select! {
            () = gone.closed() => (),
            _ = writer.hand_over(completion, first) => (),
        }
    });
    let events = stream::unfold(receiver, |mut receiver| async move {
        let event: Event = receiver.recv().await?;
        Some((Ok::<_, Infallible>(event), receiver))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(STILL_HERE)).into_response())
}

struct Writer {
    sender: mpsc::Sender<Event>,
    head: Head,
    include_usage: bool,
}

impl Writer {
    /// `None`: nobody takes it.
    async fn hand_over(&self, mut completion: Completion, mut first: Option<Piece>) -> Option<()> {
        self.say(Delta { role: Some("assistant"), content: Some(String::new()), ..Delta::default() }).await?;
        loop {
            let next = match first.take() {
                Some(piece) => Ok(piece),
                None => completion.next().await?,
            };
            match next {
                Ok(Piece::Text(text)) => self.say(Delta { content: Some(text), ..Delta::default() }).await?,
                Ok(Piece::Reasoning(text)) => self.say(Delta { reasoning_content: Some(text), ..Delta::default() }).await?,
                Ok(Piece::Image(image)) => self.say(Delta { images: vec![Image::of(&image)], ..Delta::default() }).await?,
                // None was offered, so there is nobody whom it could reach.
                Ok(Piece::ToolCall { .. }) => (),
                Ok(Piece::End { reason, usage }) => {
                    self.chunk(vec![choice(Delta::default(), Some(finish_reason(reason)))], None).await?;
                    if let Some(usage) = usage.filter(|_| self.include_usage) {
                        self.chunk(Vec::new(), Some(Usage::of(usage))).await?;
                    }
                    return self.send("[DONE]".to_owned()).await;
                }
                Err(error) => return self.send(problem::as_json(&error.problem()).to_string()).await,
            }
        }
    }

    async fn say(&self, delta: Delta) -> Option<()> {
        self.chunk(vec![choice(delta, None)], None).await
    }

    async fn chunk(&self, choices: Vec<Choice>, usage: Option<Usage>) -> Option<()> {
        let Head { id, created, model } = self.head.clone();
        let object = "chat.completion.chunk";
        let usage = if self.include_usage { Cost::Told(usage) } else { Cost::Untold };
        let chunk = ChatCompletionChunk { id, object, created, model, choices, usage, system_fingerprint: None };
        self.send(serde_json::to_string(&chunk).ok()?).await
    }

    async fn send(&self, data: String) -> Option<()> {
        timeout(PATIENCE, self.sender.send(Event::default().data(data))).await.ok()?.ok()
    }
}

fn choice(delta: Delta, finish_reason: Option<&'static str>) -> Choice {
    Choice { index: 0, delta, logprobs: None, finish_reason }
}
