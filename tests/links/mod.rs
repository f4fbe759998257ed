//! Tests of `src/links`.

mod gate;
