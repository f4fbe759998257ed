//! What the crate promises, through its public interface.

mod bad_files;
mod bad_zips;
mod chat_completions;
mod chatgpt_content;
mod chatgpt_tree;
mod corpora;
mod speed_bounds;
mod support;
