//! Opening a file of whatever kind, and reading its conversations one by one.

use std::fs::File;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::Path;

use crate::archive::{Archive, Entry, reading_error};
use crate::reading::Reading;
use crate::scan::{Piece, Splitter};
use crate::shared_file::SharedFile;
use crate::{Error, Files, Item, Limits, Source, Summary, chatgpt, detect};

/// How many elements are looked at to recognise a form, in case the first ones are broken.
const MAX_PROBED: usize = 1000;
const ZIP_MAGICS: [&[u8]; 3] = [b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"];

/// An opened export, see [`open`].
#[derive(Debug)]
pub struct Export {
    source: Source,
    input: Input,
    limits: Limits,
    files: Files,
    notes: Vec<String>,
}

#[derive(Debug)]
enum Input {
    Json(SharedFile),
    Zip(Box<Archive>),
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
pub fn open_with(path: &Path, limits: &Limits) -> Result<Export, Error> {
    let file = SharedFile::new(File::open(path)?)?;
    let mut head = Vec::new();
    file.clone().take(1024).read_to_end(&mut head)?;
    let mut notes = Vec::new();
    let (found, input, files) = if ZIP_MAGICS.iter().any(|magic| head.starts_with(magic)) {
        let archive = Archive::open(file)?;
        notes.clone_from(&archive.notes);
        let found = probe_zip(archive.clone(), limits)?;
        let files = Files::of(archive.clone(), &mut notes);
        (found, Input::Zip(Box::new(archive)), files)
    } else {
        check_head(&head)?;
        let found = probe(file.clone(), limits)?;
        (found, Input::Json(file), Files::default())
    };
    let source = match found {
        Probed::Known(source) => source,
        Probed::Unknown => return Err(Error::Unrecognised),
        Probed::Nothing => return Err(Error::NoConversations),
    };
    if !matches!(source, Source::ChatGpt | Source::ChatCompletions | Source::ClaudeCode | Source::Codex) {
        return Err(Error::Unsupported(source));
    }
    Ok(Export { source, input, limits: limits.clone(), files, notes })
}

impl Export {
    /// Whose export it is.
    pub fn source(&self) -> Source {
        self.source
    }

    /// The bytes that [`Export::read`] will report as consumed when it is done: of the JSON, unpacked
    /// (as the ZIP's directory claims).
    pub fn total_bytes(&self) -> u64 {
        match &self.input {
            Input::Json(file) => file.len(),
            Input::Zip(archive) => {
                let sizes = archive.conversations.iter().map(|entry| entry.claimed_bytes);
                sizes.fold(0, u64::saturating_add)
            }
        }
    }

    /// The images and attachments beside the conversations. Independent of this export: to be used
    /// while [`Export::read`] runs.
    pub fn files(&self) -> Files {
        self.files.clone()
    }

    /// Reads all conversations in the file's order, handing each to `sink` as soon as it is complete.
    ///
    /// `progress` is told the bytes consumed so far, about once per megabyte and at the end. What
    /// breaks the file midway is [`Summary::broken`]; what was handed out before that is good. Reading
    /// again starts from the beginning.
    pub fn read(&mut self, sink: &mut dyn FnMut(Item) -> ControlFlow<()>, progress: &mut dyn FnMut(u64)) -> Summary {
        let summary = Summary { notes: self.notes.clone(), ..Summary::default() };
        let mut reading = Reading::new(self.source, &self.limits, self.files.clone(), summary, sink, progress);
        match &mut self.input {
            Input::Json(file) => {
                if let Err(error) = reading.file(file.clone()) {
                    reading.broke(error);
                }
            }
            Input::Zip(archive) => read_zip(archive, &self.limits, &mut reading),
        }
        reading.finish()
    }
}

/// Reads one file of conversations after the other. A damaged one does not keep the next from being read.
fn read_zip(archive: &mut Archive, limits: &Limits, reading: &mut Reading<'_>) {
    let shared = archive.shared.clone();
    if let Some(json) = archive.side_file(shared.as_ref(), &mut reading.summary.notes) {
        chatgpt::read_shared(&json, &mut reading.summary);
    }
    for entry in archive.conversations.clone() {
        let room_bytes = limits.max_unpacked_bytes.saturating_sub(reading.consumed_bytes());
        let done = archive.reader(&entry, room_bytes, limits).and_then(|reader| reading.file(reader).map_err(|error| named(&entry, error)));
        if let Err(error) = done {
            let is_bomb = matches!(error, Error::TooBig { .. });
            reading.broke(error);
            if is_bomb {
                return;
            }
        }
        if reading.summary.stopped {
            return;
        }
    }
}

/// The error with the entry's name where it has none.
fn named(entry: &Entry, error: Error) -> Error {
    match error {
        Error::Io(error) => reading_error(&entry.name, error),
        Error::Damaged { offset, reason } => Error::Damaged { offset, reason: format!("{reason} ({})", entry.name) },
        other => other,
    }
}

/// Refuses what is plainly no JSON, by its first bytes.
fn check_head(head: &[u8]) -> Result<(), Error> {
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return Err(Error::Utf16);
    }
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    match text {
        [] if head.len() < 1024 => Err(Error::Empty),
        [b'[' | b'{', 0, ..] | [0, b'[' | b'{', ..] => Err(Error::Utf16),
        [] | [b'[' | b'{', ..] => Ok(()),
        [b'<', ..] => Err(Error::WebPage),
        _ => Err(Error::NotJson),
    }
}

/// What the first elements show.
enum Probed {
    Known(Source),
    /// There is something, but nothing recognised.
    Unknown,
    Nothing,
}

/// Looks into one file of conversations after the other, until one is recognised.
fn probe_zip(mut archive: Archive, limits: &Limits) -> Result<Probed, Error> {
    let mut best = Ok(Probed::Nothing);
    for entry in archive.conversations.clone() {
        let probed = archive
            .reader(&entry, limits.max_unpacked_bytes, limits)
            .and_then(|reader| probe(reader, limits).map_err(|error| named(&entry, error)));
        match probed {
            Ok(Probed::Known(source)) => return Ok(Probed::Known(source)),
            // What is damaged says more than what is empty; the next file may be neither.
            found if matches!(best, Ok(Probed::Nothing)) => best = found,
            _ => {}
        }
    }
    best
}

fn probe(reader: impl Read, limits: &Limits) -> Result<Probed, Error> {
    let mut splitter = Splitter::new(reader, limits.max_conversation_bytes);
    let mut too_long = None;
    let mut seen = 0;
    while seen < MAX_PROBED {
        match splitter.next_piece() {
            Ok(Piece::Value(json)) => {
                if let Some(source) = detect::source_of(json) {
                    return Ok(Probed::Known(source));
                }
                seen += 1;
            }
            Ok(Piece::TooLong { bytes }) => {
                too_long = Some(bytes);
                seen += 1;
            }
            Ok(Piece::ArrayEnd) => {}
            Ok(Piece::End) => break,
            Err(error) => {
                return detect::guess(splitter.remainder()).map(Probed::Known).ok_or(error);
            }
        }
    }
    match too_long {
        Some(bytes) => Err(Error::TooLong { bytes, max_bytes: limits.max_conversation_bytes }),
        None if seen == 0 => Ok(Probed::Nothing),
        None => Ok(Probed::Unknown),
    }
}
