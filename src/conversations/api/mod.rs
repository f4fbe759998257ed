//! `/v1/conversations`: conversations and their messages for programs. Each file is an operation, named after what it
//! does; they call the same functions as the pages. What is said to models is in `answers/api`.

pub mod create;
pub mod delete;
pub mod list;
pub mod message;
pub mod messages;
pub mod object;
pub mod retrieve;
pub mod update;
