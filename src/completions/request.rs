//! What a program asks for, and what becomes of each field of OpenAI's form: it is honoured, it changes nothing that
//! anybody could miss, or it is refused by its name.

use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa::openapi::schema::{ArrayBuilder, Object, ObjectBuilder, OneOfBuilder, Schema, Type};

use super::messages::Message;
use crate::error::Error;
use crate::providers::provider::{Format, Wishes};

/// The most texts at which an answer can end.
const MAX_STOPS: usize = 16;

/// What a model is to answer. Fields that are null count as left out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateChatCompletion, example = json!({"model": "openai/gpt-5", "messages": [{"role": "user", "content": "How long does tea steep?"}]}))]
pub struct Request {
    /// A model's id from `GET /v1/models`, or an assistant's from `GET /v1/assistants`.
    #[schema(example = "openai/gpt-5")]
    pub model: String,
    /// The conversation so far. Nothing of it is kept.
    #[schema(min_items = 1)]
    pub messages: Vec<Message>,
    /// Send the answer as it arrives, as server-sent events.
    pub stream: Option<bool>,
    /// Only with `stream`.
    pub stream_options: Option<StreamOptions>,
    /// The longest answer, in tokens.
    #[schema(minimum = 1)]
    pub max_completion_tokens: Option<u32>,
    /// The same in its older form.
    #[schema(minimum = 1)]
    pub max_tokens: Option<u32>,
    /// How daring the choice of words is.
    #[schema(minimum = 0, maximum = 2)]
    pub temperature: Option<f64>,
    /// From which share of the likely words it is made.
    #[schema(minimum = 0, maximum = 1)]
    pub top_p: Option<f64>,
    /// A text at which the answer ends, or a list of up to 16.
    #[schema(schema_with = text_or_texts, required = false)]
    pub stop: Option<Value>,
    /// The same answer to the same question, as far as the provider can.
    pub seed: Option<i64>,
    /// How many answers: only 1.
    #[schema(minimum = 1, maximum = 1)]
    pub n: Option<u32>,
    /// `{"type": "text"}`, `{"type": "json_object"}` or `{"type": "json_schema", "json_schema": {"name", "schema"}}`.
    /// Refused where the provider can't.
    #[schema(value_type = Option<Object>)]
    pub response_format: Option<Value>,
    /// Handed on to providers that speak OpenAI's form; others have no word for it.
    #[schema(minimum = -2, maximum = 2)]
    pub frequency_penalty: Option<f64>,
    /// Handed on to providers that speak OpenAI's form; others have no word for it.
    #[schema(minimum = -2, maximum = 2)]
    pub presence_penalty: Option<f64>,
    /// Handed on to providers that speak OpenAI's form; others have no word for it.
    #[schema(value_type = Option<Object>)]
    pub logit_bias: Option<Map<String, Value>>,
    /// Handed on to providers that speak OpenAI's form; others have no word for it.
    pub reasoning_effort: Option<String>,
    /// Handed on to providers that speak OpenAI's form; others have no word for it.
    pub verbosity: Option<String>,
    /// Passed over: the provider is not told of your users.
    pub user: Option<String>,
    /// Passed over.
    #[schema(value_type = Option<Object>)]
    pub metadata: Option<Map<String, Value>>,
    /// Passed over: nothing is stored here.
    pub store: Option<bool>,
    /// Passed over.
    pub service_tier: Option<String>,
    /// Passed over.
    pub safety_identifier: Option<String>,
    /// Passed over.
    pub prompt_cache_key: Option<String>,
    /// Passed over.
    pub prompt_cache_retention: Option<String>,
    /// Passed over.
    #[schema(value_type = Option<Object>)]
    pub prediction: Option<Map<String, Value>>,
    /// Passed over.
    pub parallel_tool_calls: Option<bool>,
    /// Refused unless empty: in this version models call no programs.
    #[schema(value_type = Option<Vec<Object>>, max_items = 0)]
    pub tools: Option<Vec<Value>>,
    /// Only `none` and `auto`.
    #[schema(value_type = Option<String>)]
    pub tool_choice: Option<Value>,
    /// Refused unless empty.
    #[schema(value_type = Option<Vec<Object>>, max_items = 0)]
    pub functions: Option<Vec<Value>>,
    /// Only `none` and `auto`.
    #[schema(value_type = Option<String>)]
    pub function_call: Option<Value>,
    /// Only false.
    pub logprobs: Option<bool>,
    /// Only 0.
    #[schema(minimum = 0, maximum = 0)]
    pub top_logprobs: Option<u32>,
    /// Only `["text"]`.
    pub modalities: Option<Vec<String>>,
    /// Refused.
    #[schema(value_type = Option<Object>)]
    pub audio: Option<Map<String, Value>>,
    /// Refused.
    #[schema(value_type = Option<Object>)]
    pub web_search_options: Option<Map<String, Value>>,
}

fn text_or_texts() -> Schema {
    let text = || ObjectBuilder::new().schema_type(Type::String).min_length(Some(1));
    let texts = ArrayBuilder::new().items(text()).max_items(Some(MAX_STOPS));
    let words = "A text at which the answer ends, or a list of up to 16.";
    OneOfBuilder::new().item(text()).item(texts).item(Object::with_type(Type::Null)).description(Some(words)).into()
}

/// How an answer is streamed.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChatCompletionStreamOptions)]
pub struct StreamOptions {
    /// Send one more chunk with what the answer cost, if the provider says so.
    pub include_usage: Option<bool>,
    /// Passed over.
    #[serde(rename = "include_obfuscation")]
    _include_obfuscation: Option<bool>,
}

impl Request {
    /// The longest answer.
    ///
    /// # Errors
    /// [`Error::BadRequest`] if it could hold nothing.
    pub fn max_tokens(&self) -> Result<Option<u32>, Error> {
        for (param, tokens) in [("max_completion_tokens", self.max_completion_tokens), ("max_tokens", self.max_tokens)] {
            if tokens == Some(0) {
                return Err(Error::bad_param(param, "An answer must be allowed at least 1 token."));
            }
        }
        Ok(self.max_completion_tokens.or(self.max_tokens))
    }

    /// What is wished of the answer.
    ///
    /// # Errors
    /// [`Error::BadRequest`] for a field that can't be honoured.
    pub fn wishes(&self) -> Result<Wishes, Error> {
        self.refuse()?;
        let mut openai = Map::new();
        let numbers = [("frequency_penalty", self.frequency_penalty), ("presence_penalty", self.presence_penalty)];
        for (name, number) in numbers {
            if let Some(number) = between(name, number, -2.0, 2.0)? {
                openai.insert(name.to_owned(), number.into());
            }
        }
        for (name, word) in [("reasoning_effort", &self.reasoning_effort), ("verbosity", &self.verbosity)] {
            if let Some(word) = word {
                openai.insert(name.to_owned(), word.as_str().into());
            }
        }
        if let Some(bias) = self.logit_bias.as_ref().filter(|bias| !bias.is_empty()) {
            openai.insert("logit_bias".to_owned(), Value::Object(bias.clone()));
        }
        let format = self.response_format.as_ref().map(format).transpose()?.flatten();
        if let (Some(_), Some(said)) = (&format, &self.response_format) {
            openai.insert("response_format".to_owned(), said.clone());
        }
        Ok(Wishes {
            temperature: between("temperature", self.temperature, 0.0, 2.0)?,
            top_p: between("top_p", self.top_p, 0.0, 1.0)?,
            stop: self.stop.as_ref().map_or(Ok(Vec::new()), stops)?,
            seed: self.seed.map(i64::unsigned_abs),
            format,
            openai,
        })
    }

    fn refuse(&self) -> Result<(), Error> {
        let is_off = |choice: &Option<Value>| choice.as_ref().is_none_or(|choice| choice == "none" || choice == "auto");
        let is_empty = |list: &Option<Vec<Value>>| list.as_ref().is_none_or(Vec::is_empty);
        let tools = "Models can't call programs over this API in this version. Leave it out.";
        let logprobs = "Probabilities of words aren't handed on in this version. Leave it out.";
        for (param, is_fine, words) in [
            ("n", self.n.is_none_or(|n| n == 1), "Only one answer at a time is possible. Leave it out, and ask again for more."),
            ("tools", is_empty(&self.tools), tools),
            ("tool_choice", is_off(&self.tool_choice), tools),
            ("functions", is_empty(&self.functions), tools),
            ("function_call", is_off(&self.function_call), tools),
            ("logprobs", self.logprobs != Some(true), logprobs),
            ("top_logprobs", self.top_logprobs.is_none_or(|most| most == 0), logprobs),
            (
                "modalities",
                self.modalities.as_ref().is_none_or(|kinds| kinds == &["text"]),
                "Answers are text in this version. Leave it out.",
            ),
            ("audio", self.audio.is_none(), "Answers are text in this version. Leave it out."),
            ("web_search_options", self.web_search_options.is_none(), "Models can't search the web in this version. Leave it out."),
        ] {
            if !is_fine {
                return Err(Error::bad_param(param, words));
            }
        }
        Ok(())
    }
}

fn between(param: &str, number: Option<f64>, least: f64, most: f64) -> Result<Option<f64>, Error> {
    match number {
        Some(number) if !(least..=most).contains(&number) => {
            Err(Error::bad_param(param, format!("This must be a number from {least} to {most}.")))
        }
        number => Ok(number),
    }
}

fn stops(stop: &Value) -> Result<Vec<String>, Error> {
    let list = match stop {
        Value::String(text) => vec![Some(text.clone())],
        Value::Array(list) => list.iter().map(|text| text.as_str().map(str::to_owned)).collect(),
        _ => vec![None],
    };
    let stops: Option<Vec<String>> = list.into_iter().collect();
    let stops = stops.filter(|stops| stops.len() <= MAX_STOPS && stops.iter().all(|text| !text.is_empty()));
    stops.ok_or_else(|| Error::bad_param("stop", format!("This must be a text, or a list of up to {MAX_STOPS}, none of them empty.")))
}

fn format(said: &Value) -> Result<Option<Format>, Error> {
    let text = |at: &str| said.pointer(at).and_then(Value::as_str);
    match text("/type") {
        Some("text") => Ok(None),
        Some("json_object") => Ok(Some(Format::Json)),
        Some("json_schema") => {
            let name = text("/json_schema/name").filter(|name| !name.is_empty());
            let name = name.ok_or_else(|| Error::bad_param("response_format.json_schema.name", "The schema needs a name."))?;
            let schema = said.pointer("/json_schema/schema").filter(|schema| schema.is_object());
            let schema = schema.ok_or_else(|| Error::bad_param("response_format.json_schema.schema", "The schema must be an object."))?;
            Ok(Some(Format::Schema { name: name.to_owned(), schema: schema.clone() }))
        }
        _ if !said.is_object() => Err(Error::bad_param("response_format", "This must be an object.")),
        _ => Err(Error::bad_param("response_format.type", "This must be one of: text, json_object, json_schema.")),
    }
}
