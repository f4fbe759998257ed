//! What is said about a provider, wherever it is said: in the environment, in takeback.toml, on the page.

use std::fmt;
use std::sync::Arc;

/// How a provider is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// OpenAI itself.
    OpenAi,
    /// Any server that speaks the Chat Completions format: vLLM, llama.cpp, LM Studio, OpenRouter…
    Compatible,
    /// Anthropic.
    Anthropic,
    /// Google's Gemini API.
    Gemini,
    /// Ollama, by its own format.
    Ollama,
}

impl Kind {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 5] = [Self::OpenAi, Self::Anthropic, Self::Gemini, Self::Ollama, Self::Compatible];

    /// As it is stored and written in takeback.toml.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OpenAi => "openai",
            Self::Compatible => "compatible",
            Self::Anthropic => "anthropic",
            Self::Gemini => "gemini",
            Self::Ollama => "ollama",
        }
    }

    /// As people know it.
    pub fn label(self) -> &'static str {
        match self {
            Self::OpenAi => "OpenAI",
            Self::Compatible => "OpenAI-compatible",
            Self::Anthropic => "Anthropic",
            Self::Gemini => "Gemini",
            Self::Ollama => "Ollama",
        }
    }

    /// The kind of this name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Where it is when nothing else is said; nothing for servers that may be anywhere.
    pub fn usual_address(self) -> Option<&'static str> {
        match self {
            Self::OpenAi => Some("https://api.openai.com/v1"),
            Self::Anthropic => Some("https://api.anthropic.com/v1"),
            Self::Gemini => Some("https://generativelanguage.googleapis.com/v1beta"),
            Self::Ollama => Some("http://127.0.0.1:11434"),
            Self::Compatible => None,
        }
    }

    /// Whether it answers nobody without a key.
    pub fn needs_key(self) -> bool {
        matches!(self, Self::OpenAi | Self::Anthropic | Self::Gemini)
    }
}

/// A provider's key. It shows itself to nobody: not in a log, not in a message.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(Arc<str>);

impl Key {
    /// Wraps it.
    pub fn new(key: &str) -> Self {
        Self(key.into())
    }

    /// For the request that it opens, and for sealing.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

/// Who said that there is this provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// This environment variable.
    Environment(&'static str),
    /// takeback.toml.
    File,
    /// Nobody: it was found running.
    Found,
    /// An administrator, on the page.
    Page,
}

/// One provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderSettings {
    /// What its models' ids begin with. Holds no slash.
    pub id: String,
    /// The name that people see.
    pub name: String,
    /// How it is spoken to.
    pub kind: Kind,
    /// Without a slash at the end.
    pub base_url: String,
    /// What it is shown. `None`: it wants none.
    pub key: Option<Key>,
    /// Its models, if its own list is not asked for.
    pub models: Vec<String>,
    /// What its models read at most, in tokens, if that was said.
    pub context_tokens: Option<u32>,
    /// Who said so.
    pub source: Source,
}

impl ProviderSettings {
    /// As if takeback.toml said it.
    pub fn new(name: &str, kind: Kind, base_url: &str, key: Option<&str>) -> Self {
        Self {
            id: slug(name),
            name: name.to_owned(),
            kind,
            base_url: usual_form(kind, base_url),
            key: key.map(Key::new),
            models: Vec::new(),
            context_tokens: None,
            source: Source::File,
        }
    }

    /// Whether its address may lie in this machine or its network without being allowed to: whoever writes files and
    /// variables here runs the machine; whoever sits at the page may not.
    pub fn may_be_private(&self, private_providers: bool) -> bool {
        self.source != Source::Page || private_providers
    }
}

/// An address as it is used: people also give a server's bare one, or the whole one of its answers.
pub fn usual_form(kind: Kind, base_url: &str) -> String {
    let url = base_url.trim().trim_end_matches('/');
    let ends: &[&str] = match kind {
        Kind::OpenAi | Kind::Compatible => &["/chat/completions", "/models"],
        Kind::Anthropic => &["/messages", "/models"],
        Kind::Gemini => &["/models"],
        Kind::Ollama => &["/api/chat", "/api", "/v1"],
    };
    let url = ends.iter().find_map(|end| url.strip_suffix(end)).unwrap_or(url);
    let bare = !url.split_once("://").map_or(url, |(_, after)| after).contains('/');
    match kind {
        Kind::OpenAi | Kind::Compatible | Kind::Anthropic if bare => format!("{url}/v1"),
        Kind::Gemini if bare => format!("{url}/v1beta"),
        _ => url.to_owned(),
    }
}

/// A name as part of an id: small letters, digits and dashes.
fn slug(name: &str) -> String {
    let mut id = String::new();
    for letter in name.chars() {
        if letter.is_ascii_alphanumeric() {
            id.push(letter.to_ascii_lowercase());
        } else if !id.is_empty() && !id.ends_with('-') {
            id.push('-');
        }
    }
    let id = id.trim_end_matches('-');
    if id.is_empty() { "provider".to_owned() } else { id.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_never_shows_in_a_message() {
        let settings = ProviderSettings::new("My vLLM (lab)", Kind::Compatible, "http://127.0.0.1:8000/v1/", Some("sk-zanzibar"));
        assert!(!format!("{settings:?} {settings:#?}").contains("zanzibar"));
        assert_eq!((settings.id.as_str(), settings.base_url.as_str()), ("my-vllm-lab", "http://127.0.0.1:8000/v1"));
        assert_eq!(slug("模型"), "provider");
    }

    #[test]
    fn an_address_may_be_given_in_the_forms_that_people_know() {
        for (kind, given, used) in [
            (Kind::Compatible, "http://127.0.0.1:8000", "http://127.0.0.1:8000/v1"),
            (Kind::Compatible, "https://openrouter.ai/api/v1/", "https://openrouter.ai/api/v1"),
            (Kind::OpenAi, "https://api.openai.com/v1/chat/completions", "https://api.openai.com/v1"),
            (Kind::Ollama, "http://localhost:11434/v1", "http://localhost:11434"),
            (Kind::Ollama, "http://localhost:11434", "http://localhost:11434"),
            (Kind::Gemini, "https://generativelanguage.googleapis.com", "https://generativelanguage.googleapis.com/v1beta"),
            (Kind::Anthropic, " https://api.anthropic.com/ ", "https://api.anthropic.com/v1"),
        ] {
            assert_eq!(usual_form(kind, given), used);
        }
    }
}
