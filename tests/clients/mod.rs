//! Clients of the API: those that are made here, and those that people have already.

mod curl;
mod openai;
mod python;
