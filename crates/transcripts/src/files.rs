//! The bytes of images and attachments that a transcript names.

use crate::Error;

/// The files that lie beside the conversations in an export. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Files {}

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
    /// The bytes of the file that a [`Part::Image`](crate::Part::Image) or
    /// [`Part::File`](crate::Part::File) names; `None` if the export does not have it.
    ///
    /// # Errors
    /// [`Error::TooBig`] over `max_bytes` (of the unpacked file), [`Error::Encrypted`], [`Error::Zip`].
    pub fn read(&self, _file: &str, _max_bytes: u64) -> Result<Option<FileBytes>, Error> {
        Ok(None)
    }
}
