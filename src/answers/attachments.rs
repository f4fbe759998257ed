//! Pictures and text files that a person sends with a message.

/// The largest file.
pub const MAX_BYTES: usize = 10 << 20;
/// The most files of one message.
pub const MAX_FILES: usize = 10;
