//! Tests of `src/jobs`.

mod compact;
mod queue;
mod short_transactions;
