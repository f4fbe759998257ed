//! Keys of programs.

mod command;
mod key;
mod pages;
