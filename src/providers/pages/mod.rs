//! Settings › Models, for administrators. Each file is named after what its person does there.

pub mod edit;
pub mod list;
pub mod models;
pub mod remove;
pub mod rule;
