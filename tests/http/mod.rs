//! Tests of `src/http`.

mod headers;
mod health;
mod leftover;
mod logs;
mod naughty;
