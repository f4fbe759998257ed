//! Tests of `src/http`.

mod health;
mod referrer;
