//! `POST /v1/chat/completions`

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use super::chunks;
use super::request::Request;
use super::running::Completion;
use super::whole::{self, ChatCompletion, Head};
use super::{messages, target};
use crate::api::body::Body;
use crate::api::caller::{Caller, Chat};
use crate::api::document::{ErrorBody, Refusals, ServerSentEvent};
use crate::app::{App, blocking};
use crate::error::Error;
use crate::providers::provider::Question;

/// Where it is asked.
pub const PATH: &str = "/v1/chat/completions";

/// Ask a model
///
/// In the form of OpenAI's Chat Completions, for every model that the server has and every assistant that you may talk to
/// (its id as `model`), so that existing clients work with a changed base URL. Nothing of it is kept. It counts like a message on the pages: `messages_per_minute` and
/// `answers_at_once` of the server's configuration hold for both together.
///
/// With `"stream": true` the answer comes as server-sent events: chunks (`ChatCompletionChunk`), each behind `data: `, and `data: [DONE]` at the
/// end. What a model thinks before it answers comes as `reasoning_content`. An error on the way comes as
/// `data: {"error": …}` and is the last.
///
/// When you hang up, or the key is revoked, the model is not asked any further.
#[utoipa::path(
    post, path = "/v1/chat/completions", operation_id = "createChatCompletion", tag = "Models",
    request_body = Request,
    responses(
        (status = 200, description = "The answer, or with `stream` its chunks.", content((ChatCompletion = "application/json"), (ServerSentEvent = "text/event-stream"))),
        (status = 413, description = "A body over 32 MB.", body = ErrorBody),
        (status = 502, description = "The model's provider failed.", body = ErrorBody),
        Refusals,
    ),
    security(("api_key" = ["chat"])),
)]
pub async fn complete(
    State(app): State<App>,
    Caller { user, key_id, .. }: Caller<Chat>,
    Body { fields, .. }: Body<Request>,
) -> Result<Response, Error> {
    let target = target::find(&app, &user, &fields.model).await?;
    let model = target.chosen.model.clone();
    let (streams, include_usage) = streams(&fields)?;
    let head = Head::new(fields.model.clone(), app.now());
    let (max_output_tokens, mut wishes) = (fields.max_tokens()?, fields.wishes()?);
    wishes.temperature = wishes.temperature.or(target.temperature);
    // Pictures are unpacked.
    let told = blocking(move || messages::read(fields.messages, &model)).await?;
    let instructions = [target.instructions.clone(), told.instructions].into_iter().filter(|words| !words.is_empty());
    let question = Question {
        model: target.chosen.model.name.clone(),
        instructions: instructions.collect::<Vec<_>>().join("\n\n"),
        turns: told.turns,
        max_output_tokens,
        wishes,
    };
    let completion = Completion::begin(&app, &user, &key_id, &target, question)?;
    if streams {
        chunks::stream(&app, completion, head, include_usage).await
    } else {
        Ok(Json(whole::collect(completion, head).await?).into_response())
    }
}

fn streams(fields: &Request) -> Result<(bool, bool), Error> {
    let streams = fields.stream.unwrap_or(false);
    let options = fields.stream_options.as_ref();
    if options.is_some() && !streams {
        return Err(Error::bad_param("stream_options", "This is only for streamed answers. Leave it out, or set stream to true."));
    }
    Ok((streams, options.and_then(|options| options.include_usage).unwrap_or(false)))
}
