//! Tests of `src/http`.

mod headers;
mod health;
mod logs;
mod naughty;
