//! Tests of `src/jobs`.

mod queue;
mod short_transactions;
