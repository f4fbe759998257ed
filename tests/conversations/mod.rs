//! Tests of `src/conversations`.
