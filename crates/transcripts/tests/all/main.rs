//! What the crate promises, through its public interface.

#![expect(clippy::needless_pass_by_value, reason = "json!(…) is handed over where it is written")]

#[cfg(test)]
mod bad_files;
#[cfg(test)]
mod bad_zips;
#[cfg(test)]
mod chat_completions;
#[cfg(test)]
mod chatgpt_content;
#[cfg(test)]
mod chatgpt_tree;
#[cfg(test)]
mod corpora;
#[cfg(test)]
mod mutations;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod speed_bounds;
#[cfg(test)]
mod stored_form;
#[cfg(test)]
mod support;
