//! Tests of `src/storage`.
