//! The bytes of images and attachments that a transcript names.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::Error;
use crate::archive::{Archive, Entry};
use crate::media::image_type;

/// How many entries whose names begin alike are looked at for one id.
const MAX_CANDIDATES: usize = 100;
/// What an export says about the account, and never a file of a conversation.
const NO_ASSETS: [&str; 9] = [
    "chat.html",
    "conversation_asset_file_names.json",
    "export_manifest.json",
    "group_chats.json",
    "library_files.json",
    "message_feedback.json",
    "model_comparisons.json",
    "shared_conversations.json",
    "user.json",
];

/// The files that lie beside the conversations in an export. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Files {
    index: Option<Arc<Index>>,
}

#[derive(Debug)]
struct Index {
    archive: Archive,
    /// Entries by the last part of their names.
    by_name: BTreeMap<String, Entry>,
    /// The names that the files were uploaded under, by the last part of the entries' names.
    own_names: BTreeMap<String, String>,
}

/// The bytes of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileBytes {
    /// The file's own name: the one it was uploaded under if the export tells, else the entry's.
    pub name: String,
    /// `image/png`, `image/jpeg`, `image/gif` or `image/webp`, sniffed from the bytes; `None` for all else.
    pub media_type: Option<&'static str>,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl Files {
    /// The files of an export's ZIP; `notes` takes what could not be read.
    pub(crate) fn of(mut archive: Archive, notes: &mut Vec<String>) -> Self {
        let names = archive.asset_names.clone();
        let own_names = archive.side_file(names.as_ref(), notes).and_then(|json| serde_json::from_slice(&json).ok()).unwrap_or_default();
        let mut by_name = BTreeMap::new();
        for entry in std::mem::take(&mut archive.assets) {
            if NO_ASSETS.contains(&entry.base_name()) {
                continue;
            }
            by_name.entry(entry.base_name().to_owned()).or_insert(entry);
        }
        let index = Index { archive, by_name, own_names };
        Self { index: Some(Arc::new(index)) }
    }

    /// Whether the export has the file that a part names.
    pub fn has(&self, file: &str) -> bool {
        self.index.as_ref().is_some_and(|index| index.find(file).is_some())
    }

    /// The bytes of the file that a [`Part::Image`](crate::Part::Image) or
    /// [`Part::File`](crate::Part::File) names; `None` if the export does not have it.
    ///
    /// # Errors
    /// [`Error::TooBig`] over `max_bytes` (of the unpacked file), [`Error::Encrypted`], [`Error::Zip`].
    pub fn read(&self, file: &str, max_bytes: u64) -> Result<Option<FileBytes>, Error> {
        let Some(index) = &self.index else {
            return Ok(None);
        };
        let Some(entry) = index.find(file) else {
            return Ok(None);
        };
        // A clone shares the directory and the open file, and has a place of its own in it.
        let bytes = index.archive.clone().bytes(entry, max_bytes)?;
        let base_name = entry.base_name();
        let name = index.own_names.get(base_name).map_or(base_name, String::as_str).to_owned();
        Ok(Some(FileBytes { name, media_type: image_type(&bytes), bytes }))
    }
}

impl Index {
    /// The entry for a file's id: named by it alone, or by it and more behind a separator
    /// (`file-x.dat`, `file-x-photo.png`, `file_x-sanitized.png`).
    fn find(&self, file: &str) -> Option<&Entry> {
        // "sediment://hash#file_id#page": the id is one of the parts.
        file.split('#').filter(|id| !id.is_empty()).find_map(|id| {
            self.by_name
                .range(id.to_owned()..)
                .take_while(|(name, _)| name.starts_with(id))
                .take(MAX_CANDIDATES)
                .find(|(name, _)| {
                    let next = name.as_bytes().get(id.len());
                    next.is_none_or(|byte| !byte.is_ascii_alphanumeric())
                })
                .map(|(_, entry)| entry)
        })
    }
}
