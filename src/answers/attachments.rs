//! Pictures and text files that a person sends with a message. What a file is, its bytes say, not its name.

use axum::body::Bytes;
use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartRejection};
use takeback_transcripts::{Part, image_type};

use super::say::Message;
use crate::conversations::files::{self, NewFile};
use crate::conversations::view::shortened;
use crate::error::Error;
use crate::ids;
use crate::storage::Tx;

/// The largest picture.
pub const MAX_BYTES: usize = 10 << 20;
/// The largest text file: it is sent to the model whole.
pub const MAX_TEXT_BYTES: usize = 1 << 20;
/// The most files of one message.
pub const MAX_FILES: usize = 10;
/// The largest form of the composer.
pub const MAX_FORM_BYTES: usize = 32 << 20;

/// A file that came with a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// As its person calls it, without a path.
    pub name: String,
    /// What it is.
    pub content: Content,
}

/// What a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A picture that browsers show and models take.
    Picture {
        /// One of PNG, JPEG, GIF and WebP.
        media_type: &'static str,
        /// The bytes.
        bytes: Bytes,
        /// Width and height in pixels, if its head says so.
        size: Option<(u32, u32)>,
    },
    /// Text.
    Text(String),
}

/// Reads what the composer sent.
///
/// # Errors
/// [`Error::Invalid`] for a form that can't be read and for a file that can't be sent, [`Error::TooLarge`] for too much.
pub async fn receive(form: Result<Multipart, MultipartRejection>) -> Result<Message, Error> {
    let mut form = form.map_err(|_| unreadable())?;
    let mut message = Message::default();
    while let Some(field) = form.next_field().await.map_err(|error| problem(&error))? {
        match field.name() {
            Some("text") => message.text = text(field).await?,
            Some("model") => message.model_id = text(field).await?,
            Some("files") => message.files.extend(file(field).await?),
            _ => {}
        }
        if message.files.len() > MAX_FILES {
            return Err(Error::TooLarge(format!("A message can have {MAX_FILES} files. Send the others with the next one.")));
        }
    }
    Ok(message)
}

async fn text(field: Field<'_>) -> Result<String, Error> {
    let text = field.text().await.map_err(|error| problem(&error))?;
    if text.contains('\0') {
        return Err(Error::invalid("form", "The message holds a character that can't be stored (U+0000). Take it out."));
    }
    Ok(text)
}

/// A field without a file in it is what a browser sends when none was chosen.
async fn file(field: Field<'_>) -> Result<Option<Attachment>, Error> {
    let name = file_name(field.file_name().unwrap_or_default());
    let bytes = field.bytes().await.map_err(|error| problem(&error))?;
    if name.is_empty() && bytes.is_empty() {
        return Ok(None);
    }
    let name = if name.is_empty() { "file".to_owned() } else { name };
    Ok(Some(Attachment { content: content(&name, bytes)?, name }))
}

/// How the person calls a file: the last part of what the browser says, without what can't be shown. Empty if none was
/// chosen.
pub fn file_name(said: &str) -> String {
    let name = said.rsplit(['/', '\\']).next().unwrap_or_default();
    shortened(name.chars().filter(|c| !c.is_control()).collect::<String>().trim(), 100)
}

fn content(name: &str, bytes: Bytes) -> Result<Content, Error> {
    if bytes.is_empty() {
        return Err(Error::invalid("files", format!("“{name}” is empty. Attach another file.")));
    }
    if let Some(media_type) = image_type(&bytes) {
        if bytes.len() > MAX_BYTES {
            return Err(Error::TooLarge(format!("“{name}” is larger than 10 MB. Make the picture smaller.")));
        }
        let size = imagesize::blob_size(&bytes).ok();
        let size = size.and_then(|size| u32::try_from(size.width).ok().zip(u32::try_from(size.height).ok()));
        return Ok(Content::Picture { media_type, bytes, size });
    }
    match String::from_utf8(bytes.to_vec()) {
        Ok(text) if text.contains('\0') => Err(no_use(name)),
        Ok(text) if text.len() > MAX_TEXT_BYTES => {
            Err(Error::TooLarge(format!("“{name}” is larger than 1 MB, too much text for one message. Attach a part of it.")))
        }
        // A byte order mark is for editors.
        Ok(text) => Ok(Content::Text(text.trim_start_matches('\u{feff}').replace("\r\n", "\n"))),
        Err(_) => Err(no_use(name)),
    }
}

fn no_use(name: &str) -> Error {
    Error::invalid("files", format!("“{name}” is neither a picture (PNG, JPEG, GIF, WebP) nor text in UTF-8. Attach it as one of these."))
}

fn unreadable() -> Error {
    Error::invalid("form", "The message did not arrive whole. Send it again.")
}

fn problem(error: &axum::extract::multipart::MultipartError) -> Error {
    if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
        return Error::TooLarge("A message and its files can have 32 MB together. Send some of them with the next one.".to_owned());
    }
    unreadable()
}

/// Stores the files with their conversation; answers the parts that stand for them in the message.
pub async fn store(tx: &mut Tx, conversation_id: &str, attachments: &[Attachment], now: i64) -> Result<Vec<Part>, Error> {
    let mut parts = Vec::with_capacity(attachments.len());
    for Attachment { name, content } in attachments {
        let id = ids::new("file");
        let (media_type, bytes): (&str, &[u8]) = match content {
            Content::Picture { media_type, bytes, .. } => (media_type, bytes),
            Content::Text(text) => ("text/plain", text.as_bytes()),
        };
        files::insert(tx, conversation_id, &NewFile { id: &id, name, media_type, bytes }, now).await?;
        parts.push(match content {
            Content::Picture { size, .. } => {
                Part::Image { file: id, alt: Some(name.clone()), width: size.map(|size| size.0), height: size.map(|size| size.1) }
            }
            Content::Text(text) => {
                Part::File { file: Some(id), name: name.clone(), media_type: Some(media_type.to_owned()), text: Some(text.clone()) }
            }
        });
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &'static [u8]) -> Result<Content, String> {
        content("a.txt", Bytes::from_static(bytes)).map_err(|error| error.problem().words)
    }

    #[test]
    fn a_file_is_what_its_bytes_say() {
        assert_eq!(read(b"\xef\xbb\xbfone\r\ntwo"), Ok(Content::Text("one\ntwo".to_owned())));
        assert_eq!(read(b"<svg onload=x>"), Ok(Content::Text("<svg onload=x>".to_owned())));
        assert!(matches!(read(b"GIF89a\x02\0\x03\0rest"), Ok(Content::Picture { media_type: "image/gif", size: Some((2, 3)), .. })));
        assert!(matches!(read(b"\x89PNG\r\n\x1a\nbroken"), Ok(Content::Picture { media_type: "image/png", size: None, .. })));
        for bytes in [&b"%PDF-1.7\xff\xfe"[..], b"\0\x01\x02", b"a\0b"] {
            assert!(read(bytes).unwrap_err().contains("neither a picture"), "{bytes:?}");
        }
        assert!(read(b"").unwrap_err().contains("is empty"));
    }
}
