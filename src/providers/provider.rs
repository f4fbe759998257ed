//! What an answer comes from, whoever makes it: one small trait, and the words that it is asked and answers in.

use axum::body::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use serde_json::{Map, Value};

/// One configured endpoint that answers. Dropping an answer's stream ends the request at the provider.
pub trait Provider: Send + Sync {
    /// Asks a model. The stream ends after [`Piece::End`] or the first failure.
    fn answer(&self, question: Question) -> BoxStream<'static, Result<Piece, Failure>>;

    /// Asks which models there are.
    fn models(&self) -> BoxFuture<'_, Result<Vec<Listed>, Failure>>;
}

/// What a model is asked.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// The model's name at its provider.
    pub model: String,
    /// Instructions that stand before the conversation; empty: none.
    pub instructions: String,
    /// The conversation, oldest first; the last one is the user's.
    pub turns: Vec<Turn>,
    /// The longest answer. `None`: what the provider thinks fit.
    pub max_output_tokens: Option<u32>,
    /// What else is wished of the answer; the pages wish nothing.
    pub wishes: Wishes,
}

/// How an answer is to be made. What a provider has no word for is not said to it, but for the [`Format`], without
/// which the answer would be of no use.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wishes {
    /// How daring the choice of words is.
    pub temperature: Option<f64>,
    /// From which share of the likely words it is made.
    pub top_p: Option<f64>,
    /// Where the answer is to end.
    pub stop: Vec<String>,
    /// The same answer to the same question, as far as the provider can.
    pub seed: Option<u64>,
    /// JSON in the place of words. For providers of OpenAI's form it stands among the fields below.
    pub format: Option<Format>,
    /// Fields of OpenAI's form, handed on as they are to providers that speak it.
    pub openai: Map<String, Value>,
}

/// An answer that a program reads.
#[derive(Clone, Debug, PartialEq)]
pub enum Format {
    /// Any JSON object.
    Json,
    /// What fits this schema.
    Schema {
        /// The schema's name.
        name: String,
        /// It itself.
        schema: Value,
    },
}

/// A message as a model gets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Whether the model said it; else the user did.
    pub by_model: bool,
    /// Its words.
    pub text: String,
    /// Its pictures, for models that take them.
    pub images: Vec<Image>,
}

/// A picture's bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Such as `image/png`.
    pub media_type: String,
    /// The bytes.
    pub bytes: Bytes,
}

/// A piece of an answer, as it arrives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// More of the text.
    Text(String),
    /// More of what the model thinks before it answers.
    Reasoning(String),
    /// A whole picture.
    Image(Image),
    /// The model called a program, whole: arguments that arrive in fragments are put together first.
    ToolCall {
        /// The program.
        name: String,
        /// What it was sent, as JSON text.
        arguments: String,
    },
    /// The answer is over.
    End {
        /// Why it ended.
        reason: EndReason,
        /// What it cost, if the provider said so.
        usage: Option<Usage>,
    },
}

/// Why an answer ended that did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndReason {
    /// The model was done.
    Complete,
    /// It reached the longest answer, or the model's window.
    Length,
    /// The provider withheld the rest.
    Filtered,
}

/// What an answer cost, in tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Read by the model.
    pub input_tokens: i64,
    /// Written by the model, reasoning included.
    pub output_tokens: i64,
}

/// Why there is no answer, or no more of it. Its words are ours and safe to show: never the provider's own text, which
/// may hold a key, nor an address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{words}")]
pub struct Failure {
    /// What happened and what to do, for the person who waits.
    pub words: String,
    /// When the provider said that it may be asked again.
    pub retry_after_secs: Option<u64>,
    /// The same for programs.
    pub kind: FailureKind,
}

/// Whose turn it is after a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// Nobody's: later it may work.
    TooMany,
    /// Whoever asks: the conversation is longer than the model reads.
    TooLong,
    /// Whoever asks: the provider doesn't take this question.
    Question,
    /// Whoever asks: the provider doesn't have this model.
    NoModel,
    /// Whoever runs the server, or the provider.
    Provider,
}

/// A model that a provider has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its name at the provider.
    pub name: String,
    /// Its window in tokens, if the provider says so.
    pub context_tokens: Option<u32>,
    /// Whether it takes pictures, if the provider says so.
    pub takes_images: Option<bool>,
}
