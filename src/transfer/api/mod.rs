//! `/v1/imports`: files from elsewhere become conversations of the key's person. Each file is an operation, named after
//! what it does; they call the same functions as the page.

pub mod create;
pub mod object;
pub mod retrieve;
