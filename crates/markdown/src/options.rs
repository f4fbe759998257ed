//! What a caller can say about one rendering.

/// How to render one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options<'a> {
    /// Begins every `id` in the output, so that the footnotes of many messages can stand on one page.
    /// ASCII letters, digits, `-` and `_` are kept, at most 64 of them; anything else is left out.
    pub id_prefix: &'a str,
}

/// Longest prefix that is kept.
pub(crate) const ID_PREFIX_CHARS: usize = 64;

impl Options<'_> {
    /// The prefix, reduced to what may stand in an `id`.
    pub(crate) fn safe_id_prefix(&self) -> String {
        self.id_prefix.chars().filter(|c| is_id_char(*c)).take(ID_PREFIX_CHARS).collect()
    }
}

/// Whether `c` may stand in an `id` of ours.
pub(crate) fn is_id_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}
