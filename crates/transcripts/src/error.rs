//! Why a file, or a conversation from memory, could not be read.

use crate::Source;

/// Why reading failed. The texts are sentences for people.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file could not be read from disk.
    #[error("The file could not be read: {0}")]
    Io(#[from] std::io::Error),
    /// Nothing but whitespace.
    #[error("The file is empty.")]
    Empty,
    /// UTF-16 text.
    #[error("The file is UTF-16 text. Save it as UTF-8, or take the file as it came from the export.")]
    Utf16,
    /// A web page, such as an export's `chat.html`.
    #[error("This is a web page. Take the export's ZIP file, or the conversations.json beside chat.html.")]
    WebPage,
    /// Neither ZIP nor JSON.
    #[error("This is neither a ZIP nor a JSON file.")]
    NotJson,
    /// JSON, but none of the known forms.
    #[error("This is JSON, but no chat export that Takeback knows. Known are: {}.", Source::readable())]
    Unrecognised,
    /// A known form that this version cannot read yet.
    #[error("This looks like {}; this version reads {}.", .0.with_article(), Source::readable())]
    Unsupported(Source),
    /// A known form without a single conversation.
    #[error("There are no conversations in this file.")]
    NoConversations,
    /// The JSON's brackets stop making sense.
    #[error("The file is damaged at byte {offset}: {reason}")]
    Damaged {
        /// Where, in bytes of the (unpacked) JSON file.
        offset: u64,
        /// What was wrong there.
        reason: String,
    },
    /// The ZIP's structure is damaged.
    #[error("The ZIP file is damaged or cut off ({0}). Download the export again, or unpack it and take conversations.json.")]
    Zip(String),
    /// The ZIP has no conversations in it.
    #[error("The ZIP file holds no conversations.json. Take the ZIP file as it came from the export.")]
    NoConversationsInZip,
    /// The entry is encrypted.
    #[error("{0} is encrypted. Unpack the ZIP file with its password, then import conversations.json.")]
    Encrypted(String),
    /// The content is far bigger than the file.
    #[error("{name} unpacks to more than {max_bytes} bytes. That is no ordinary export, so it was not read further.")]
    TooBig {
        /// Which entry.
        name: String,
        /// The limit it broke.
        max_bytes: u64,
    },
    /// The only conversation there is over the cap.
    #[error("The conversation has {bytes} bytes; at most {max_bytes} are read.")]
    TooLong {
        /// Its size.
        bytes: u64,
        /// The cap, [`Limits::max_conversation_bytes`](crate::Limits).
        max_bytes: usize,
    },
    /// A conversation from memory breaks the form.
    #[error("{reason}")]
    Invalid {
        /// Where, such as `messages[3].role`; `None` if it is the whole.
        param: Option<String>,
        /// What is wrong, a sentence.
        reason: String,
    },
}
