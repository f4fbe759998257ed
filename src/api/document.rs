//! `/openapi.json`: the document of the API, in `OpenAPI` 3.1, derived from the handlers.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use serde::Serialize;
use utoipa::openapi::link::Link;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{OpenApi as Document, RefOr, ServerBuilder};
use utoipa::{IntoResponses, Modify, OpenApi, ToSchema};

use crate::app::App;
use crate::links::pages::base_url;

/// What every refused request gets.
#[derive(Serialize, ToSchema)]
#[schema(as = Error)]
pub struct ErrorBody {
    error: ErrorFields,
}

/// What went wrong.
#[derive(Serialize, ToSchema)]
#[schema(as = ErrorFields)]
struct ErrorFields {
    /// What is wrong and what to do, for people.
    #[schema(example = "This must be a whole number from 1 to 100.")]
    message: String,
    /// `invalid_request_error`, `authentication_error`, `permission_error`, `not_found_error`, `request_too_large`,
    /// `unprocessable`, `rate_limit_error` or `api_error`.
    #[serde(rename = "type")]
    #[schema(example = "invalid_request_error")]
    kind: String,
    /// The parameter that is at fault, or its place in the body.
    #[schema(required = true, example = "limit")]
    param: Option<String>,
    /// A short name for programs, where the type alone doesn't say it.
    #[schema(required = true)]
    code: Option<String>,
}

/// An event of an answer that is streamed.
#[derive(ToSchema)]
#[expect(dead_code, reason = "for the document; events are written by axum")]
pub struct ServerSentEvent {
    /// What it is, where an operation has several kinds.
    #[schema(nullable = false, example = "message.delta")]
    event: Option<String>,
    /// JSON, as the operation says; `[DONE]` in the last one.
    #[schema(example = "[DONE]")]
    data: String,
}

/// How every operation can refuse.
#[derive(IntoResponses)]
pub enum Refusals {
    /// Something in the request can't be read or accepted; `param` says what.
    #[response(status = 400)]
    Invalid(ErrorBody),
    /// No key came along, or it is mistyped, expired or revoked.
    #[response(status = 401)]
    NoKey(ErrorBody),
    /// The key lacks the scope that this operation asks for.
    #[response(status = 403)]
    NoScope(ErrorBody),
    /// It isn't there: never was, not any more, or not yours.
    #[response(status = 404)]
    NotFound(ErrorBody),
    /// Too many requests; `retry-after` says for how many seconds to wait.
    #[response(status = 429)]
    TooMany(ErrorBody),
    /// A fault of the server's. Nothing was changed, or the request can be repeated.
    #[response(status = 500)]
    Fault(ErrorBody),
    /// The server can't reach its database. Nothing was changed.
    #[response(status = 503)]
    Unavailable(ErrorBody),
    /// The server's disk is full. Nothing was changed.
    #[response(status = 507)]
    Full(ErrorBody),
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Takeback",
        description = "What the pages can do, for programs. The style is that of OpenAI's API: its \
                       clients work here with a changed base URL. Ids are opaque, times are Unix seconds, lists are pages with cursors."
    ),
    paths(
        crate::links::api::list::list,
        crate::links::api::create::create,
        crate::links::api::retrieve::retrieve,
        crate::links::api::update::update,
        crate::links::api::delete::delete,
        crate::links::api::delete::delete_all,
        crate::providers::api::list::list,
        crate::providers::api::retrieve::retrieve,
        crate::completions::complete::complete,
        crate::conversations::api::list::list,
        crate::conversations::api::create::create,
        crate::conversations::api::retrieve::retrieve,
        crate::conversations::api::update::update,
        crate::conversations::api::delete::delete,
        crate::conversations::api::messages::list,
        crate::answers::api::send::send,
        crate::webhooks::api::list::list,
        crate::webhooks::api::create::create,
        crate::webhooks::api::retrieve::retrieve,
        crate::webhooks::api::update::update,
        crate::webhooks::api::delete::delete,
        crate::webhooks::api::rotate::rotate,
        crate::webhooks::api::test::test,
        crate::webhooks::api::deliveries::list,
        crate::webhooks::api::deliveries::retry,
        crate::assistants::api::list::list,
        crate::assistants::api::create::create,
        crate::assistants::api::retrieve::retrieve,
        crate::assistants::api::update::update,
        crate::assistants::api::delete::delete,
        crate::assistants::api::versions::list,
        crate::transfer::api::create::create,
        crate::transfer::api::retrieve::retrieve,
        crate::audit::api::list,
    ),
    components(schemas(crate::completions::chunks::ChatCompletionChunk, crate::answers::api::stream::MessageDelta)),
    modifiers(&Keys, &Links),
    tags(
        (name = "Shared links", description = "Public addresses of conversations. Only their owner sees, changes and deletes them."),
        (name = "Conversations", description = "Your own: what was said on the pages, imported, or said by programs. Private until you share it."),
        (name = "Imports", description = "Conversations from elsewhere become yours."),
        (name = "Models", description = "What answers, and asking it. Nothing of it is kept."),
        (name = "Webhooks", description = "Your own programs are told what happens to your links, by requests that are signed as Standard Webhooks says."),
        (name = "Assistants", description = "A name, instructions and files that a model reads before it answers. What they are made of is for their editors alone."),
        (name = "Audit events", description = "What happened: who did what to which object, when, and from which kind of client."),
    )
)]
struct Api;

/// How a program says who it is.
struct Keys;

impl Modify for Keys {
    fn modify(&self, document: &mut Document) {
        let words = "An API key, made in Settings, API keys, or by `takeback keys create`.";
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("tb-…").description(Some(words));
        document.components.get_or_insert_default().add_security_scheme("api_key", SecurityScheme::Http(scheme.build()));
        "1".clone_into(&mut document.info.version);
    }
}

/// What was made is asked for, changed and deleted by the id in the answer: for tools that follow links.
struct Links;

impl Modify for Links {
    fn modify(&self, document: &mut Document) {
        let paths = &mut document.paths.paths;
        let inner = paths.iter().filter_map(|(path, item)| {
            let (outer, rest) = path.split_once("/{")?;
            let (parameter, _) = rest.split_once('}').filter(|(_, rest)| !rest.contains('{'))?;
            let operations = [&item.get, &item.post, &item.delete].into_iter().flatten();
            let ids: Vec<String> = operations.filter_map(|operation| operation.operation_id.clone()).collect();
            Some((outer.to_owned(), parameter.to_owned(), ids))
        });
        for (outer, parameter, ids) in inner.collect::<Vec<_>>() {
            let made = paths.get_mut(&outer).and_then(|item| item.post.as_mut());
            let Some(RefOr::T(answer)) = made.and_then(|made| made.responses.responses.get_mut("200")) else { continue };
            for id in ids {
                let link = Link::builder().operation_id(id.as_str()).parameter(parameter.as_str(), "$response.body#/id");
                answer.links.insert(id, link.build().into());
            }
        }
    }
}

/// The document, for a server whose addresses begin with `base`.
pub fn document(base: &str) -> Document {
    let mut document = Api::openapi();
    document.servers = Some(vec![ServerBuilder::new().url(base).build()]);
    document
}

/// `GET /openapi.json`
pub async fn serve(State(app): State<App>, headers: HeaderMap) -> Json<Document> {
    Json(document(&base_url(&app, &headers)))
}
