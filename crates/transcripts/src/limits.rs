//! How much of a hostile file is read before it is refused.

/// Caps on what is read. The defaults let every real export through.
#[derive(Clone, Debug)]
pub struct Limits {
    /// The JSON of one conversation; a bigger one is skipped with a reason.
    pub max_conversation_bytes: usize,
    /// The texts of one message together; a longer one is skipped with a reason, a placeholder
    /// ([`Part::TOO_LONG`](crate::Part::TOO_LONG)) stands in its place.
    pub max_text_bytes: usize,
    /// All that is unpacked from a ZIP's conversation files together.
    pub max_unpacked_bytes: u64,
    /// How many times its packed size an entry may unpack to, looked at after the first 64 MiB.
    pub max_ratio: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_conversation_bytes: 256 << 20, max_text_bytes: 8 << 20, max_unpacked_bytes: 16 << 30, max_ratio: 200 }
    }
}
