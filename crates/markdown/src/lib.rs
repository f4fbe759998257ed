//! Placeholder of the markdown crate.
