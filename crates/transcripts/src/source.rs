//! The programs whose exports are recognised.

use serde::{Deserialize, Serialize};

/// Where a conversation was written. The serde form is stored beside imported conversations.
#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Source {
    /// `ChatGPT`'s data export.
    #[serde(rename = "chatgpt")]
    ChatGpt,
    /// A list of messages in the form of the Chat Completions API.
    ChatCompletions,
    /// Claude's data export.
    Claude,
    /// Open `WebUI`'s chat export.
    #[serde(rename = "open_webui")]
    OpenWebUi,
    /// `LibreChat`'s conversation export.
    #[serde(rename = "librechat")]
    LibreChat,
    /// The `ShareGPT` form.
    #[serde(rename = "sharegpt")]
    ShareGpt,
    /// Chatbot UI's export.
    ChatbotUi,
    /// A session file of Claude Code.
    ClaudeCode,
    /// A session file of Codex.
    Codex,
}

impl Source {
    /// The stored name, such as `chatgpt`: the same as the serde form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ChatGpt => "chatgpt",
            Self::ChatCompletions => "chat_completions",
            Self::Claude => "claude",
            Self::OpenWebUi => "open_webui",
            Self::LibreChat => "librechat",
            Self::ShareGpt => "sharegpt",
            Self::ChatbotUi => "chatbot_ui",
            Self::ClaudeCode => "claude_code",
            Self::Codex => "codex",
        }
    }

    /// The name for people, such as `ChatGPT`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ChatGpt => "ChatGPT",
            Self::ChatCompletions => "Chat Completions",
            Self::Claude => "Claude",
            Self::OpenWebUi => "Open WebUI",
            Self::LibreChat => "LibreChat",
            Self::ShareGpt => "ShareGPT",
            Self::ChatbotUi => "Chatbot UI",
            Self::ClaudeCode => "Claude Code",
            Self::Codex => "Codex",
        }
    }

    /// "a Claude export": for "This looks like …".
    pub(crate) const fn with_article(self) -> &'static str {
        match self {
            Self::ChatGpt => "a ChatGPT export",
            Self::ChatCompletions => "a Chat Completions file",
            Self::Claude => "a Claude export",
            Self::OpenWebUi => "an Open WebUI export",
            Self::LibreChat => "a LibreChat export",
            Self::ShareGpt => "a ShareGPT file",
            Self::ChatbotUi => "a Chatbot UI export",
            Self::ClaudeCode => "a Claude Code session",
            Self::Codex => "a Codex session",
        }
    }

    /// What this version reads, for people.
    pub(crate) const fn readable() -> &'static str {
        "a ChatGPT export (its ZIP file or conversations.json), Chat Completions messages, and sessions of Claude Code and Codex"
    }
}
