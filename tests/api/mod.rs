//! `/v1`: what programs ask.

mod cursors;
mod document;
mod fields;
mod fits;
mod frame;
mod large;
mod limits;
mod repeat;
