//! What pages are made of: embedded assets, and the memo of rendered shared pages.

pub mod assets;
pub mod memo;
pub mod rendered;
pub mod view;

pub use assets::{asset, version};
