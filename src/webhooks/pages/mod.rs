//! Settings › Webhooks, each file named after what its person does.

pub mod change;
pub mod delete;
mod fields;
pub mod list;
pub mod rotate;
pub mod show;
