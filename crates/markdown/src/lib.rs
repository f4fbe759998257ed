//! Untrusted Markdown to safe HTML.
/// x
pub const RENDERER_VERSION: u32 = 1;
