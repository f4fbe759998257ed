//! Tests of `src/storage`: what the store promises when it is old, shared, gone, killed or full.

mod full;
mod gone;
mod isolation;
mod kill;
mod lock;
mod schema;
