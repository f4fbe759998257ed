//! Tests of `src/http`.

mod health;
