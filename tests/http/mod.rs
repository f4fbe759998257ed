//! Tests of `src/http`.

mod addresses;
mod health;
mod referrer;
