//! An export's ZIP: which entries matter, and reading them without trusting their sizes.
//!
//! Entries are only ever read by their place in the directory; no name becomes a path.

use std::io::{self, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::shared_file::SharedFile;
use crate::{Error, Limits};

/// From here on an entry's ratio is looked at; small files may be as repetitive as they like.
const RATIO_COUNTS_FROM_BYTES: u64 = 64 << 20;
/// The side files (names of assets, shared links) are read whole, up to this.
const MAX_SIDE_FILE_BYTES: u64 = 64 << 20;

/// One entry of the ZIP.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// Its place in the directory.
    pub(crate) index: usize,
    /// Its full name.
    pub(crate) name: String,
    /// Its size in the ZIP.
    pub(crate) packed_bytes: u64,
    /// Its size unpacked, as the directory claims.
    pub(crate) claimed_bytes: u64,
    encrypted: bool,
}

impl Entry {
    /// The name's last part.
    pub(crate) fn base_name(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or_default()
    }

    fn folder(&self) -> &str {
        self.name.rsplit_once('/').map_or("", |(folder, _)| folder)
    }
}

/// What matters in an export's ZIP.
#[derive(Clone, Debug)]
pub(crate) struct Archive {
    zip: ZipArchive<SharedFile>,
    /// The files with conversations, in order.
    pub(crate) conversations: Vec<Entry>,
    /// The list of shared links.
    pub(crate) shared: Option<Entry>,
    /// The list of the assets' own names.
    pub(crate) asset_names: Option<Entry>,
    /// All that may be an image or an attachment.
    pub(crate) assets: Vec<Entry>,
    /// Remarks for the report.
    pub(crate) notes: Vec<String>,
}

impl Archive {
    /// Reads the ZIP's directory.
    ///
    /// # Errors
    /// [`Error::Zip`], [`Error::NoConversationsInZip`], [`Error::Encrypted`].
    pub(crate) fn open(file: SharedFile) -> Result<Self, Error> {
        let mut zip = ZipArchive::new(file).map_err(|error| zip_error("The directory", error))?;
        let mut notes = Vec::new();
        if zip.has_duplicate_names() {
            notes.push("Some entries of the ZIP file have the same name; the last of each counts.".to_owned());
        }
        let (entries, unsafe_names) = list(&mut zip)?;
        if unsafe_names > 0 {
            notes.push(format!("{unsafe_names} entries of the ZIP file have unsafe names and were ignored."));
        }
        let depth = |entry: &Entry| entry.name.matches('/').count();
        let (conversations, assets): (Vec<_>, Vec<_>) = entries.into_iter().partition(|entry| is_conversations_file(entry.base_name()));
        let top = conversations.iter().min_by_key(|entry| (depth(entry), entry.name.clone())).ok_or(Error::NoConversationsInZip)?;
        let folder = top.folder().to_owned();
        let found = conversations.len();
        let mut conversations: Vec<_> = conversations.into_iter().filter(|entry| entry.folder() == folder).collect();
        conversations.sort_by_key(|entry| (entry.base_name().len(), entry.name.clone()));
        if conversations.len() < found {
            notes.push(format!(
                "The ZIP file has conversations in several folders; only {} were read.",
                if folder.is_empty() { "those at the top" } else { folder.as_str() }
            ));
        }
        if let Some(locked) = conversations.iter().find(|entry| entry.encrypted) {
            return Err(Error::Encrypted(locked.name.clone()));
        }
        let side_file = |name: &str| {
            let mut here = assets.iter().filter(|entry| entry.folder() == folder);
            here.find(|entry| entry.base_name() == name).cloned()
        };
        Ok(Self {
            shared: side_file("shared_conversations.json"),
            asset_names: side_file("conversation_asset_file_names.json"),
            zip,
            conversations,
            assets,
            notes,
        })
    }

    /// Calls `with` with the entry's unpacked bytes. `room_bytes` is how much may come out in all.
    ///
    /// # Errors
    /// Of `open`ing the entry; the reader itself fails with [`Error::TooBig`] inside its [`io::Error`].
    pub(crate) fn reader<'a>(&'a mut self, entry: &Entry, room_bytes: u64, limits: &Limits) -> Result<Capped<impl Read + 'a>, Error> {
        if entry.encrypted {
            return Err(Error::Encrypted(entry.name.clone()));
        }
        let reader = self.zip.by_index(entry.index).map_err(|error| zip_error(&entry.name, error))?;
        let by_ratio = entry.packed_bytes.saturating_mul(limits.max_ratio).max(RATIO_COUNTS_FROM_BYTES);
        Ok(Capped { reader, name: entry.name.clone(), max_bytes: room_bytes.min(by_ratio), taken: 0 })
    }

    /// All of an entry's bytes.
    ///
    /// # Errors
    /// [`Error::TooBig`] over `max_bytes`, [`Error::Encrypted`], [`Error::Zip`].
    pub(crate) fn bytes(&mut self, entry: &Entry, max_bytes: u64) -> Result<Vec<u8>, Error> {
        if entry.claimed_bytes > max_bytes {
            return Err(Error::TooBig { name: entry.name.clone(), max_bytes });
        }
        let mut bytes = Vec::new();
        self.reader(entry, max_bytes, &Limits::default())?.read_to_end(&mut bytes).map_err(|error| reading_error(&entry.name, error))?;
        Ok(bytes)
    }

    /// All bytes of one of the JSON files beside the conversations; `None` with a note if unreadable.
    pub(crate) fn side_file(&mut self, entry: Option<&Entry>, notes: &mut Vec<String>) -> Option<Vec<u8>> {
        let entry = entry?;
        self.bytes(entry, MAX_SIDE_FILE_BYTES).map_err(|error| notes.push(format!("{} was not read: {error}", entry.name))).ok()
    }
}

/// All entries with safe names, and how many had others.
fn list(zip: &mut ZipArchive<SharedFile>) -> Result<(Vec<Entry>, u64), Error> {
    let mut entries = Vec::new();
    let mut unsafe_names = 0;
    for index in 0..zip.len() {
        let data = zip.by_index_data(index).map_err(|error| zip_error("The directory", error))?;
        let name = String::from_utf8_lossy(data.name_raw()).into_owned();
        if name.ends_with('/') || name.starts_with("__MACOSX/") {
            continue;
        }
        if !is_safe(&name) {
            unsafe_names += 1;
            continue;
        }
        entries.push(Entry { index, packed_bytes: data.compressed_size(), claimed_bytes: data.size(), encrypted: data.encrypted(), name });
    }
    Ok((entries, unsafe_names))
}

fn is_safe(name: &str) -> bool {
    !name.starts_with('/')
        && !name.contains(['\\', ':', '\0'])
        && name.split('/').all(|part| !part.is_empty() && part != "." && part != "..")
}

/// `conversations.json`, `conversations-000.json`…
fn is_conversations_file(base_name: &str) -> bool {
    base_name.strip_prefix("conversations").and_then(|rest| rest.strip_suffix(".json")).is_some_and(|part| {
        part.is_empty()
            || part.strip_prefix('-').is_some_and(|number| !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit()))
    })
}

/// A reader that stops a decompression bomb.
pub(crate) struct Capped<R> {
    reader: R,
    name: String,
    max_bytes: u64,
    taken: u64,
}

impl<R: Read> Read for Capped<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(into)?;
        self.taken += read as u64;
        if self.taken > self.max_bytes {
            let (name, max_bytes) = (self.name.clone(), self.max_bytes);
            return Err(io::Error::other(Error::TooBig { name, max_bytes }));
        }
        Ok(read)
    }
}

/// What an error while unpacking `name` means.
pub(crate) fn reading_error(name: &str, error: io::Error) -> Error {
    match error.downcast::<Error>() {
        Ok(own) => own,
        Err(other) => Error::Zip(format!("{name}: {other}")),
    }
}

fn zip_error(name: &str, error: ZipError) -> Error {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => Error::Encrypted(name.to_owned()),
        // Its end is missing: the download was cut off. The library's words for that help nobody.
        ZipError::InvalidArchive(_) => Error::Zip(format!("{name} is damaged")),
        other => Error::Zip(format!("{name}: {other}")),
    }
}
