//! Where answers come from.

mod upstream;
