//! The crate from outside: what it promises, on texts from elsewhere.

mod behaviour;
mod hostile;
mod pathological;
mod random;
mod spec;
mod support;
mod trojan_source;
