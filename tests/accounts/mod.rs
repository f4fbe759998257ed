//! Tests of `src/accounts`.
