//! The crate from outside: what it promises, on texts from elsewhere.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "what a test's helper can't do fails the test, and what it skips it says"
)]
#![expect(
    clippy::format_push_string,
    clippy::format_collect,
    clippy::too_many_lines,
    reason = "texts of tests are short, their lists are long"
)]

mod behaviour;
mod hostile;
mod pathological;
mod random;
mod spec;
mod streamed;
mod support;
mod trojan_source;
