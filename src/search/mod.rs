//! Search: words in, messages and titles out, newest first, the same on both databases and never beyond one owner.
//!
//! - [`index`]: what was said gets into the index, by a job that the transaction which wrote it leaves

pub mod index;
