//! `/v1`: what programs ask.

mod document;
mod frame;
mod limits;
mod repeat;
