//! What is known of models whose provider doesn't say it: their window, whether they take pictures, and which of many
//! a person most likely means. By family, from the providers' own pages; a name that is in no family gets careful
//! guesses.

use std::fmt::Write;

/// A family: every model whose name, from its last slash on, begins like this. The first that fits counts.
const FAMILIES: &[(&str, u32, bool)] = &[
    ("gpt-5", 400_000, true),
    ("gpt-4.1", 1_047_576, true),
    ("gpt-4o", 128_000, true),
    ("chatgpt-4o", 128_000, true),
    ("gpt-4-turbo", 128_000, true),
    ("gpt-4-32k", 32_768, false),
    ("gpt-4", 8_192, false),
    ("gpt-3.5", 16_385, false),
    ("gpt-oss", 131_072, false),
    ("gpt-", 128_000, true),
    ("o1-mini", 128_000, false),
    ("o3-mini", 200_000, false),
    ("o1", 200_000, true),
    ("o3", 200_000, true),
    ("o4", 200_000, true),
    ("claude-2", 100_000, false),
    ("claude-instant", 100_000, false),
    ("claude", 200_000, true),
    ("gemini", 1_048_576, true),
    ("gemma-3-1b", 32_768, false),
    ("gemma-3", 131_072, true),
    ("gemma3", 131_072, true),
    ("gemma", 8_192, false),
    ("llama-4", 131_072, true),
    ("llama4", 131_072, true),
    ("llama-3.2-11b", 131_072, true),
    ("llama-3.2-90b", 131_072, true),
    ("llama3.2-vision", 131_072, true),
    ("llama-3", 131_072, false),
    ("llama3", 131_072, false),
    ("qwen3-vl", 131_072, true),
    ("qwen2.5-vl", 131_072, true),
    ("qwen2.5vl", 131_072, true),
    ("qwen3", 32_768, false),
    ("qwen2.5", 32_768, false),
    ("qwq", 32_768, false),
    ("deepseek", 65_536, false),
    ("mistral-small", 131_072, true),
    ("mistral-medium", 131_072, true),
    ("mistral-large", 131_072, false),
    ("ministral", 131_072, false),
    ("pixtral", 131_072, true),
    ("codestral", 32_768, false),
    ("mixtral", 32_768, false),
    ("mistral", 32_768, false),
    ("phi-4", 16_384, false),
    ("phi4", 16_384, false),
    ("llava", 4_096, true),
    ("command", 131_072, false),
    ("grok-4", 256_000, true),
    ("grok", 131_072, false),
    ("kimi", 131_072, false),
    ("glm", 131_072, false),
];

/// For models of no known family: small enough for nearly every server.
const CAREFUL: u32 = 8_192;

/// The window of a model, in tokens.
pub(super) fn context_tokens(name: &str) -> u32 {
    family(name).map_or(CAREFUL, |(_, tokens, _)| *tokens)
}

/// Whether a model takes pictures.
pub(super) fn takes_images(name: &str) -> bool {
    let name = name.to_lowercase();
    let says_so = ["-vl", "vision", "-omni"].iter().any(|mark| name.contains(mark));
    says_so || family(&name).is_some_and(|(_, _, images)| *images)
}

fn family(name: &str) -> Option<&'static (&'static str, u32, bool)> {
    let name = name.rsplit('/').next().unwrap_or(name).to_lowercase();
    FAMILIES.iter().find(|(start, ..)| name.starts_with(start))
}

/// In which order models of one provider are offered: the general ones first, newest first, then small and dated ones.
/// Compare these.
pub(super) fn place(name: &str) -> (u8, std::cmp::Reverse<String>) {
    let last = name.rsplit('/').next().unwrap_or(name).to_lowercase();
    let general = ["gpt-", "chatgpt-", "claude-", "gemini-"].iter().any(|start| last.starts_with(start));
    let dated = last.split(['-', '@']).any(|part| part.len() >= 4 && part.bytes().all(|b| b.is_ascii_digit()));
    let special = ["mini", "nano", "lite", "preview", "exp", "image", "instant", "latest", "gpt-3.5", "gpt-4-"];
    let special = special.iter().any(|mark| last.contains(mark));
    let rank = match (general, dated, special) {
        (true, false, false) => 0,
        (true, true, false) => 1,
        (true, _, true) => 2,
        _ => 3,
    };
    // Versions compare as numbers: 10 comes behind 9.
    let mut key = String::new();
    let mut digits = String::new();
    for letter in last.chars().chain([' ']) {
        if letter.is_ascii_digit() {
            digits.push(letter);
        } else {
            if !digits.is_empty() {
                let _ = write!(key, "{digits:0>9}");
                digits.clear();
            }
            key.push(letter);
        }
    }
    (rank, std::cmp::Reverse(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_down_is_found_by_family() {
        assert_eq!(context_tokens("anthropic/claude-sonnet-4-5"), 200_000);
        assert_eq!(context_tokens("gpt-4o-mini"), 128_000);
        assert_eq!(context_tokens("gpt-4-0613"), 8_192);
        assert_eq!(context_tokens("Qwen/Qwen3-8B"), 32_768);
        assert_eq!(context_tokens("something-else"), CAREFUL);
        assert!(takes_images("claude-opus-4-1") && takes_images("qwen2.5vl:7b") && takes_images("x/My-Vision-7b"));
        assert!(!takes_images("llama3.1:8b") && !takes_images("something-else"));
    }

    #[test]
    fn the_newest_general_model_comes_first() {
        let mut names = ["gpt-4o-mini", "gpt-3.5-turbo", "gpt-5", "gpt-4o", "gpt-5.10", "gpt-5.9", "gpt-4o-2024-08-06", "o3"];
        names.sort_by_key(|name| place(name));
        assert_eq!(names[..4], ["gpt-5.10", "gpt-5.9", "gpt-5", "gpt-4o"]);
        assert_eq!(names[7], "o3");
    }
}
