//! Opening a file of whatever kind, and reading its conversations one by one.

use std::ops::ControlFlow;
use std::path::Path;

use crate::{Error, Files, Item, Limits, Source, Summary};

/// An opened export, see [`open`].
#[derive(Debug)]
pub struct Export {
    source: Source,
    total_bytes: u64,
    files: Files,
}

/// Opens an export: looks at its content (never at its name) and says what it is.
///
/// # Errors
/// Everything that can be said before the first conversation is read: not a ZIP or JSON file, a damaged
/// ZIP, a form that is not known or not read yet ([`Error::Unsupported`]).
pub fn open(path: &Path) -> Result<Export, Error> {
    open_with(path, &Limits::default())
}

/// [`open`] with other caps than the default ones.
///
/// # Errors
/// As [`open`].
pub fn open_with(_path: &Path, _limits: &Limits) -> Result<Export, Error> {
    Err(Error::Unrecognised)
}

impl Export {
    /// Whose export it is.
    pub fn source(&self) -> Source {
        self.source
    }

    /// The bytes that [`Export::read`] will report as consumed when it is done: of the JSON, unpacked.
    pub fn total_bytes(&self) -> u64 {
        self.total_bytes
    }

    /// The images and attachments beside the conversations. Independent of this export: to be used
    /// while [`Export::read`] runs.
    pub fn files(&self) -> Files {
        self.files.clone()
    }

    /// Reads all conversations in the file's order, handing each to `sink` as soon as it is complete.
    ///
    /// `progress` is told the bytes consumed so far, at least once per megabyte and at the end. What
    /// breaks the file midway is [`Summary::broken`]; what was handed out before that is good. Reading
    /// again starts from the beginning.
    pub fn read(&mut self, _sink: &mut dyn FnMut(Item) -> ControlFlow<()>, _progress: &mut dyn FnMut(u64)) -> Summary {
        Summary::default()
    }
}
