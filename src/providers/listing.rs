//! The list of models, as each kind of provider keeps it. Not the library's: that one knows names alone, and the
//! window and whether pictures are taken stand in the same lists.

use std::time::Duration;

use futures_util::StreamExt;
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};

use super::failure::{self, Cause};
use super::provider::Listed;
use super::settings::{Kind, ProviderSettings};

/// How long a list may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// The longest list, in bytes and in models.
const MAX_BYTES: usize = 16 << 20;
const MAX_MODELS: usize = 2_000;
/// The longest name.
const MAX_NAME: usize = 200;

/// Asks for it.
pub(super) async fn fetch(http: &reqwest::Client, settings: &ProviderSettings) -> Result<Vec<Listed>, Cause> {
    if !settings.models.is_empty() {
        return Ok(settings.models.iter().map(|name| Listed { name: name.clone(), context_tokens: None, takes_images: None }).collect());
    }
    let fetching = async {
        match settings.kind {
            Kind::Ollama => ollama(http, settings).await,
            kind => {
                let query = match kind {
                    Kind::Anthropic => "?limit=1000",
                    Kind::Gemini => "?pageSize=1000",
                    _ => "",
                };
                let list = get(signed(http.get(format!("{}/models{query}", settings.base_url)), settings)).await?;
                let mut models = read(kind, &list)?;
                // OpenAI's own list has whatever can be done there; a gateway's is its administrator's choice.
                if Kind::OpenAi.usual_address() == Some(settings.base_url.as_str()) {
                    models.retain(|model| chats(&model.name));
                }
                Ok(models)
            }
        }
    };
    let mut models = tokio::time::timeout(PATIENCE, fetching).await.map_err(|_| Cause::Stalled)??;
    models.retain(|model| !model.name.is_empty() && model.name.len() <= MAX_NAME && !model.name.chars().any(char::is_control));
    models.sort_by(|a, b| a.name.cmp(&b.name));
    models.dedup_by(|a, b| a.name == b.name);
    models.truncate(MAX_MODELS);
    Ok(models)
}

fn signed(request: RequestBuilder, settings: &ProviderSettings) -> RequestBuilder {
    let Some(key) = &settings.key else {
        return if settings.kind == Kind::Anthropic { request.header("anthropic-version", "2023-06-01") } else { request };
    };
    match settings.kind {
        Kind::Anthropic => request.header("x-api-key", key.expose()).header("anthropic-version", "2023-06-01"),
        Kind::Gemini => request.header("x-goog-api-key", key.expose()),
        Kind::OpenAi | Kind::Compatible | Kind::Ollama => request.bearer_auth(key.expose()),
    }
}

async fn get(request: RequestBuilder) -> Result<Value, Cause> {
    let response = request.send().await.map_err(|error| failure::transport(&error))?;
    let (status, headers) = (response.status(), response.headers().clone());
    let body = body(response).await?;
    if !status.is_success() {
        // A server without such a list is none of its kind.
        let cause = failure::answered(status.as_u16(), &headers, &String::from_utf8_lossy(&body));
        return Err(if cause == Cause::NoModel { Cause::Nonsense } else { cause });
    }
    serde_json::from_slice(&body).map_err(|_| Cause::Nonsense)
}

async fn body(response: Response) -> Result<Vec<u8>, Cause> {
    let mut stream = response.bytes_stream();
    let mut body = Vec::new();
    while let Some(bytes) = stream.next().await {
        body.extend_from_slice(&bytes.map_err(|error| failure::transport(&error))?);
        if body.len() > MAX_BYTES {
            return Err(Cause::Nonsense);
        }
    }
    Ok(body)
}

fn read(kind: Kind, list: &Value) -> Result<Vec<Listed>, Cause> {
    // Together's is the bare list.
    let models = list.get("data").or_else(|| list.get("models")).unwrap_or(list).as_array().ok_or(Cause::Nonsense)?;
    Ok(models.iter().filter_map(|model| if kind == Kind::Gemini { gemini(model) } else { by_id(model) }).collect())
}

fn by_id(model: &Value) -> Option<Listed> {
    let name = model.get("id").or_else(|| model.get("name"))?.as_str()?.to_owned();
    let windows = [
        "/max_model_len",      // vLLM
        "/context_length",     // OpenRouter, Together
        "/context_window",     // Groq
        "/max_context_length", // Mistral
        "/max_input_tokens",   // Anthropic
        "/meta/n_ctx",         // llama.cpp
        "/meta/n_ctx_train",
    ];
    let inputs = model.pointer("/architecture/input_modalities").and_then(Value::as_array);
    let takes_images = inputs
        .map(|inputs| inputs.iter().any(|input| input == "image"))
        .or_else(|| model.pointer("/capabilities/vision").and_then(Value::as_bool))
        .or_else(|| model.pointer("/capabilities/image_input/supported").and_then(Value::as_bool));
    Some(Listed { name, context_tokens: windows.into_iter().find_map(|at| tokens(model.pointer(at)?)), takes_images })
}

fn gemini(model: &Value) -> Option<Listed> {
    let name = model.get("name")?.as_str()?.trim_start_matches("models/").to_owned();
    let methods = model.get("supportedGenerationMethods").and_then(Value::as_array);
    let chats = methods.is_none_or(|methods| methods.iter().any(|method| method == "generateContent"));
    let other = ["-tts", "embedding", "-live", "native-audio", "robotics", "computer-use"].iter().any(|mark| name.contains(mark));
    (chats && !other).then(|| Listed { name, context_tokens: model.get("inputTokenLimit").and_then(tokens), takes_images: None })
}

/// Of OpenAI's own models: those that answer in a chat, by the Chat Completions format.
fn chats(name: &str) -> bool {
    let chat = ["gpt-", "chatgpt-", "o1", "o3", "o4", "ft:gpt-"].iter().any(|start| name.starts_with(start));
    let other = ["-instruct", "realtime", "audio", "transcribe", "tts", "image", "search", "codex", "-pro", "deep-research", "embedding"];
    chat && !other.iter().any(|mark| name.contains(mark))
}

fn tokens(value: &Value) -> Option<u32> {
    value.as_u64().and_then(|tokens| u32::try_from(tokens).ok()).filter(|tokens| *tokens > 0)
}

async fn ollama(http: &reqwest::Client, settings: &ProviderSettings) -> Result<Vec<Listed>, Cause> {
    let base = &settings.base_url;
    let list = get(signed(http.get(format!("{base}/api/tags")), settings)).await?;
    let names = list.get("models").and_then(Value::as_array).ok_or(Cause::Nonsense)?;
    let mut models = Vec::new();
    for name in names.iter().filter_map(|model| model.get("name")?.as_str()).take(200) {
        let asked = signed(http.post(format!("{base}/api/show")).json(&json!({"model": name})), settings);
        // A model about which nothing is said is a model all the same.
        let shown = get(asked).await.unwrap_or_default();
        let abilities = shown.get("capabilities").and_then(Value::as_array);
        let can = |ability: &str| abilities.map(|abilities| abilities.iter().any(|known| known == ability));
        if can("completion") != Some(false) {
            models.push(Listed { name: name.to_owned(), context_tokens: Some(ollama_window(&shown)), takes_images: can("vision") });
        }
    }
    Ok(models)
}

/// What an Ollama reads of a conversation: what the model's file says, else its own default. It can read more, but
/// would cut what is longer than this without a word.
fn ollama_window(shown: &Value) -> u32 {
    let parameters = shown.get("parameters").and_then(Value::as_str).unwrap_or_default();
    let set = parameters.lines().find_map(|line| line.trim().strip_prefix("num_ctx")?.trim().parse().ok());
    let trained = shown
        .get("model_info")
        .and_then(Value::as_object)
        .and_then(|info| info.iter().find(|(name, _)| name.ends_with(".context_length")).and_then(|(_, value)| tokens(value)));
    set.unwrap_or(4_096).min(trained.unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_openai_s_own_models_those_that_chat_are_offered() {
        for name in ["gpt-5", "gpt-4o-mini", "o3", "chatgpt-4o-latest", "ft:gpt-4o:acme::x"] {
            assert!(chats(name), "{name}");
        }
        for name in
            ["text-embedding-3-small", "whisper-1", "dall-e-3", "gpt-4o-realtime-preview", "gpt-image-1", "gpt-5-pro", "tts-1", "sora-2"]
        {
            assert!(!chats(name), "{name}");
        }
    }

    #[test]
    fn an_ollama_s_window_is_what_it_reads_not_what_the_model_could() {
        let shown = |parameters: &str| json!({"parameters": parameters, "model_info": {"llama.context_length": 131_072}});
        assert_eq!(ollama_window(&shown("stop \"<|eot|>\"")), 4_096);
        assert_eq!(ollama_window(&shown("stop \"x\"\nnum_ctx                        32768")), 32_768);
        assert_eq!(ollama_window(&shown("num_ctx 999999")), 131_072);
        assert_eq!(ollama_window(&Value::Null), 4_096);
    }
}
