//! What several of the tests need.

pub(crate) mod balance;
pub(crate) mod corpora;
pub(crate) mod invariant;
pub(crate) mod normal;
pub(crate) mod page;
