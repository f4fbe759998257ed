//! Tests of `src/transfer`.
