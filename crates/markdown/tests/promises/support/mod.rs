//! What several of the tests need.

pub(crate) mod corpora;
pub(crate) mod invariant;
pub(crate) mod normal;
