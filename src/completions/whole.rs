//! An answer that is handed over when it is whole: the object `chat.completion`, and what it has in common with its
//! chunks.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use utoipa::ToSchema;

use super::running::Completion;
use crate::error::Error;
use crate::ids;
use crate::providers::provider::{self, EndReason, Piece};

/// What stands above every answer and every chunk of it.
#[derive(Clone, Debug)]
pub struct Head {
    /// Of the answer.
    pub id: String,
    /// Unix seconds.
    pub created: i64,
    /// As it was asked for.
    pub model: String,
}

impl Head {
    /// A new one.
    pub fn new(model: String, now_micros: i64) -> Self {
        Self { id: ids::new("chatcmpl"), created: now_micros.div_euclid(1_000_000), model }
    }
}

/// An answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChatCompletion {
    /// Nothing can be asked for by it: the answer isn't kept.
    #[schema(example = "chatcmpl_7pQrS9tUvWxYz2aBcDeFgH")]
    id: String,
    /// Always `chat.completion`.
    #[schema(example = "chat.completion")]
    object: &'static str,
    /// Unix seconds.
    created: i64,
    /// The model that was asked.
    model: String,
    /// Always one.
    choices: Vec<Choice>,
    /// What it cost; null if the provider doesn't say.
    #[schema(required = true)]
    usage: Option<Usage>,
    /// Always null.
    #[schema(required = true)]
    system_fingerprint: Option<String>,
}

/// The one answer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChatCompletionChoice)]
struct Choice {
    /// Always 0.
    index: u32,
    /// What the model said.
    message: Said,
    /// Always null.
    #[schema(required = true)]
    logprobs: Option<String>,
    /// `stop`: the model was done. `length`: the longest answer was reached. `content_filter`: the provider withheld the
    /// rest.
    #[schema(example = "stop")]
    finish_reason: &'static str,
}

/// What a model said.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChatCompletionAnswer)]
struct Said {
    /// Always `assistant`.
    #[schema(example = "assistant")]
    role: &'static str,
    /// Its words.
    #[schema(required = true)]
    content: Option<String>,
    /// What it thought before, if it says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    reasoning_content: Option<String>,
    /// Always null.
    #[schema(required = true)]
    refusal: Option<String>,
    /// Its pictures, if there are any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    images: Vec<Image>,
}

/// A picture of a model's.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChatCompletionImage)]
pub struct Image {
    /// Always `image_url`.
    #[serde(rename = "type")]
    kind: &'static str,
    /// Where it is.
    image_url: ImageUrl,
}

/// A picture's address.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChatCompletionImageUrl)]
struct ImageUrl {
    /// The picture itself, as a `data:` address.
    url: String,
}

/// What an answer cost, in tokens.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = ChatCompletionUsage)]
#[expect(clippy::struct_field_names, reason = "they are OpenAI's")]
pub struct Usage {
    /// Read by the model.
    prompt_tokens: i64,
    /// Written by it, what it thought included.
    completion_tokens: i64,
    /// Both.
    total_tokens: i64,
}

impl Usage {
    /// As the provider says.
    pub fn of(usage: provider::Usage) -> Self {
        let provider::Usage { input_tokens, output_tokens } = usage;
        Self { prompt_tokens: input_tokens, completion_tokens: output_tokens, total_tokens: input_tokens + output_tokens }
    }
}

impl Image {
    /// With its bytes.
    pub fn of(image: &provider::Image) -> Self {
        let url = format!("data:{};base64,{}", image.media_type, STANDARD.encode(&image.bytes));
        Self { kind: "image_url", image_url: ImageUrl { url } }
    }
}

/// Why an answer ended, in OpenAI's word.
pub fn finish_reason(reason: EndReason) -> &'static str {
    match reason {
        EndReason::Complete => "stop",
        EndReason::Length => "length",
        EndReason::Filtered => "content_filter",
    }
}

/// Waits for the end.
///
/// # Errors
/// When the answer fails, however much of it there was.
pub async fn collect(mut completion: Completion, head: Head) -> Result<ChatCompletion, Error> {
    let (mut content, mut reasoning, mut images) = (String::new(), String::new(), Vec::new());
    let (mut finish, mut cost) = (finish_reason(EndReason::Complete), None);
    while let Some(piece) = completion.next().await {
        match piece? {
            Piece::Text(text) => content.push_str(&text),
            Piece::Reasoning(text) => reasoning.push_str(&text),
            Piece::Image(image) => images.push(Image::of(&image)),
            // None was offered, so there is nobody whom it could reach.
            Piece::ToolCall { .. } => (),
            Piece::End { reason, usage } => (finish, cost) = (finish_reason(reason), usage.map(Usage::of)),
        }
    }
    let said = Said {
        role: "assistant",
        content: Some(content),
        reasoning_content: Some(reasoning).filter(|reasoning| !reasoning.is_empty()),
        refusal: None,
        images,
    };
    Ok(ChatCompletion {
        id: head.id,
        object: "chat.completion",
        created: head.created,
        model: head.model,
        choices: vec![Choice { index: 0, message: said, logprobs: None, finish_reason: finish }],
        usage: cost,
        system_fingerprint: None,
    })
}
