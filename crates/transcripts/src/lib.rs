//! Placeholder of the transcripts crate.
