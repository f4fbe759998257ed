//! Foreign chat exports → the neutral [`Transcript`]: streaming, pure (no network, no database, no
//! clock), and without trust in the file.
//!
//! - `export`: [`open`] a file, recognise it, read its conversations one by one
//! - `transcript`: the neutral form; [`Part`]'s JSON is a stored format
//! - `summary`: the report of what was taken and what was left out
//! - [`chat_completions`]: one conversation from memory
//!
//! ```no_run
//! # use std::{ops::ControlFlow, path::Path};
//! # use takeback_transcripts::{open, Item};
//! let mut export = open(Path::new("export.zip"))?;
//! let files = export.files();
//! let summary = export.read(
//!     &mut |item| {
//!         if let Item::Conversation(transcript) = item { /* store it; files.read(…) for its images */ }
//!         ControlFlow::Continue(())
//!     },
//!     &mut |bytes| { /* of export.total_bytes() */ },
//! );
//! # Ok::<(), takeback_transcripts::Error>(())
//! ```

mod archive;
pub mod chat_completions;
mod chatgpt;
mod detect;
mod error;
mod export;
mod files;
mod hash;
mod limits;
mod media;
mod reading;
mod repair;
mod scan;
mod sessions;
mod shared_file;
mod source;
mod summary;
mod transcript;

pub use error::Error;
pub use export::{Export, open, open_with};
pub use files::{FileBytes, Files};
pub use limits::Limits;
pub use media::image_type;
pub use source::Source;
pub use summary::{Item, MAX_REASONS, SharedConversation, Skipped, Summary};
pub use transcript::{EmbeddedFile, Message, Part, Role, Transcript};
