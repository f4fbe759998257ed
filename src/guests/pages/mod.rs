//! `/g/{token}`: an assistant that was given out, each file named after what a visitor does; and `/embed/g/{token}`: the
//! same in a frame. Each begins at its [`Door`](super::door::Door), which asks the gate.

pub mod clear;
pub mod events;
pub mod keep;
pub mod picture;
pub mod say;
pub mod show;
pub mod stop;
