//! What a person does with conversations of their own.

mod api;
mod delete;
mod file;
mod rename;
mod sample;
mod show;
mod sidebar;
mod switch;
