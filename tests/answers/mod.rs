//! Answers of models.

mod attachments;
mod context;
mod preferences;
mod share;
mod titles;
