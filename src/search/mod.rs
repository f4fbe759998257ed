//! Search: words in, titles and messages out, newest first, the same on both databases and never beyond one owner.
//!
//! The index is a chain of blocks for each owner, each with the words of some thousand messages ([`block`]). A question
//! reads the newest block first and stops when it has a page of answers, so a common word is as quick as a rare one.
//! What is too new for a block stands beside them, a row for each message. Nothing in it is another owner's, so nothing
//! has to be filtered out; what is deleted is left out by loading every hit through its owner, and erased by a job.
//!
//! - [`words`]: what a word is; [`visible`]: which text is found
//! - [`index`]: what was said gets into the index, by a job that the transaction which wrote it leaves
//! - [`find`]: where the answers are; [`results`]: what they say; [`snippet`]: the line that shows why
//! - [`erase`]: what was deleted goes; [`store`]: the queries

pub mod block;
pub mod erase;
pub mod find;
pub mod index;
pub mod results;
pub mod snippet;
pub mod store;
pub mod visible;
pub mod words;
