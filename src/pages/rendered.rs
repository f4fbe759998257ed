//! Rendered Markdown, by its words.
//!
//! Highlighting code costs milliseconds for each kilobyte, and a conversation is opened again and again. Rendering is
//! a pure function of the text, so what it gave once it gives again, whoever asks.

use std::sync::{Arc, LazyLock};

use quick_cache::Weighter;
use quick_cache::sync::Cache;
use sha2::{Digest, Sha256};
use takeback_markdown::{Options, render_with};

/// Memory that remembered HTML takes at the most.
const CAPACITY_BYTES: u64 = 32 << 20;
/// Shorter texts are rendered sooner than looked up.
const WORTH_IT_BYTES: usize = 512;

static RENDERED: LazyLock<Cache<[u8; 32], Arc<str>, ByBytes>> = LazyLock::new(|| Cache::with_weighter(4_000, CAPACITY_BYTES, ByBytes));

/// Safe HTML of untrusted Markdown; every `id` in it begins with `id_prefix`. May take long: call it where blocking is
/// allowed.
pub fn markdown(text: &str, id_prefix: &str) -> String {
    if text.len() < WORTH_IT_BYTES {
        return render_with(text, &Options { id_prefix }).into_string();
    }
    let mut hash = Sha256::new();
    hash.update(id_prefix.len().to_le_bytes());
    hash.update(id_prefix);
    hash.update(text);
    let key: [u8; 32] = hash.finalize().into();
    if let Some(known) = RENDERED.get(&key) {
        return known.to_string();
    }
    let html = render_with(text, &Options { id_prefix }).into_string();
    RENDERED.insert(key, html.as_str().into());
    html
}

#[derive(Clone)]
struct ByBytes;

impl Weighter<[u8; 32], Arc<str>> for ByBytes {
    fn weight(&self, _: &[u8; 32], html: &Arc<str>) -> u64 {
        html.len() as u64 + 100
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_what_would_be_rendered() {
        let text = format!("{}\n\n```rust\nfn main() {{}}\n```\n\nNote.[^1]\n\n[^1]: here", "word ".repeat(200));
        let fresh = render_with(&text, &Options { id_prefix: "m1-" }).into_string();
        assert_eq!(markdown(&text, "m1-"), fresh);
        assert_eq!(markdown(&text, "m1-"), fresh);
        let other = markdown(&text, "m2-");
        assert!(other.contains("m2-") && !other.contains("m1-"));
    }
}
