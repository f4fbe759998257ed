//! What the editor sends: fields, a picture, files. What a file is, its bytes say.

use axum::body::Bytes;
use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartRejection};
use takeback_transcripts::image_type;

use crate::answers::attachments::file_name;
use crate::error::Error;
use crate::pdf::{self, Extent};

/// The largest picture.
const MAX_PICTURE_BYTES: usize = 2 << 20;
/// The largest file of knowledge.
const MAX_FILE_BYTES: usize = 1 << 20;
/// The largest form.
pub const MAX_BYTES: usize = 24 << 20;
/// The most fields of one name: more is no form of ours.
const MAX_FIELDS: usize = 100;

/// What an assistant is to be.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// Its name.
    pub name: String,
    /// In the place of a picture.
    pub emoji: String,
    /// A new picture.
    pub picture: Option<Picture>,
    /// Without a new picture: whose picture stays.
    pub keep_picture: Keep,
    /// One or two sentences.
    pub description: String,
    /// What the model is told.
    pub instructions: String,
    /// Questions to begin with; empty ones don't count.
    pub starters: Vec<String>,
    /// The model that it asks; empty: the first that there is.
    pub model_id: String,
    /// As it was typed.
    pub temperature: String,
    /// Files of knowledge that stay, by id.
    pub keep: Vec<String>,
    /// New files of knowledge.
    pub knowledge: Vec<Knowledge>,
    /// What is wrong with the first file that can't be taken, for the person.
    pub refused: Option<String>,
    /// Everybody gets it at once.
    pub publish: bool,
}

/// Which picture stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keep {
    /// None.
    #[default]
    Nothing,
    /// That of the newest version.
    Newest,
    /// That of the version with this number.
    Of(i64),
}

/// A picture that browsers show.
#[derive(Clone, Debug)]
pub struct Picture {
    /// One of PNG, JPEG, GIF and WebP.
    pub media_type: &'static str,
    /// The bytes.
    pub bytes: Bytes,
}

/// A file that it knows.
#[derive(Clone, Debug)]
pub struct Knowledge {
    /// As its person calls it.
    pub name: String,
    /// What stands in it.
    pub text: String,
    /// Of a PDF, how much that is.
    pub extent: Option<Extent>,
}

/// Reads what the editor sent. A file that can't be taken is told about in the wish, beside everything that was typed.
///
/// # Errors
/// [`Error::Invalid`] for a form that can't be read, [`Error::TooLarge`] for too much.
pub async fn receive(pdfs: &pdf::Reader, form: Result<Multipart, MultipartRejection>) -> Result<Wish, Error> {
    let mut form = form.map_err(|_| unreadable())?;
    let mut wish = Wish::default();
    while let Some(field) = form.next_field().await.map_err(|error| problem(&error))? {
        let name = field.name().unwrap_or_default().to_owned();
        match name.as_str() {
            "name" => wish.name = text(field).await?,
            "emoji" => wish.emoji = text(field).await?,
            "description" => wish.description = text(field).await?,
            "instructions" => wish.instructions = text(field).await?,
            "starter" => wish.starters.push(text(field).await?),
            "model" => wish.model_id = text(field).await?,
            "temperature" => wish.temperature = text(field).await?,
            "keep" => wish.keep.push(text(field).await?),
            "keep_picture" => wish.keep_picture = Keep::Newest,
            "publish" => wish.publish = true,
            "picture" | "knowledge" => {
                let file = whole(field).await?;
                // One that can't be taken is enough to know that nothing will be saved.
                if wish.refused.is_none()
                    && let Err(error) = take(pdfs, &mut wish, file).await
                {
                    wish.refused = Some(refusal(error)?);
                }
            }
            _ => {}
        }
        if wish.starters.len().max(wish.keep.len()).max(wish.knowledge.len()) > MAX_FIELDS {
            return Err(unreadable());
        }
    }
    Ok(wish)
}

async fn text(field: Field<'_>) -> Result<String, Error> {
    let text = field.text().await.map_err(|error| problem(&error))?;
    if text.contains('\0') {
        return Err(Error::invalid("form", "The form holds a character that can't be stored (U+0000). Go back and take it out."));
    }
    Ok(text)
}

/// A file of the form.
struct File {
    /// The field's name.
    field: String,
    name: String,
    bytes: Bytes,
}

async fn whole(field: Field<'_>) -> Result<File, Error> {
    let (name, field_name) = (field.file_name().unwrap_or_default().to_owned(), field.name().unwrap_or_default().to_owned());
    let bytes = field.bytes().await.map_err(|error| problem(&error))?;
    Ok(File { field: field_name, name, bytes })
}

/// A field without a file in it is what a browser sends when none was chosen.
async fn take(pdfs: &pdf::Reader, wish: &mut Wish, file: File) -> Result<(), Error> {
    let File { field, name, bytes } = file;
    match field.as_str() {
        "picture" if !bytes.is_empty() => wish.picture = Some(picture(bytes)?),
        "knowledge" if !(name.is_empty() && bytes.is_empty()) => wish.knowledge.push(Knowledge::of_file(pdfs, &name, &bytes).await?),
        _ => (),
    }
    Ok(())
}

/// What is wrong with a file, for the person.
fn refusal(error: Error) -> Result<String, Error> {
    match error {
        Error::Invalid { words, .. } | Error::TooLarge(words) | Error::Busy(words) => Ok(words),
        other => Err(other),
    }
}

fn picture(bytes: Bytes) -> Result<Picture, Error> {
    if bytes.len() > MAX_PICTURE_BYTES {
        return Err(Error::TooLarge("The picture is larger than 2 MB. Make it smaller.".to_owned()));
    }
    let media_type = image_type(&bytes).ok_or_else(|| Error::invalid("picture", "The picture has to be a PNG, JPEG, GIF or WebP file."))?;
    Ok(Picture { media_type, bytes })
}

impl Knowledge {
    /// A text under this name.
    ///
    /// # Errors
    /// [`Error::Invalid`] for one that can't be read, [`Error::TooLarge`] for one that is too large.
    pub fn new(name: &str, bytes: &[u8]) -> Result<Self, Error> {
        let name = named(name);
        Ok(Self { text: read(&name, bytes)?, name, extent: None })
    }

    /// A file of this name and content: text, or a PDF, of which the text is kept.
    ///
    /// # Errors
    /// As [`Knowledge::new`], and as [`pdf::Reader::read`].
    pub async fn of_file(pdfs: &pdf::Reader, name: &str, bytes: &[u8]) -> Result<Self, Error> {
        if !pdf::is_pdf(bytes) {
            return Self::new(name, bytes);
        }
        let name = named(name);
        if bytes.len() > pdf::MAX_BYTES {
            return Err(Error::TooLarge(format!("“{name}” is larger than 10 MB. Choose a part of it, or save it as text.")));
        }
        let read = pdfs.read(bytes).await?.map_err(|refusal| Error::invalid("knowledge", refusal.words(&name)))?;
        Ok(Self { text: read.text, name, extent: Some(read.extent) })
    }
}

/// A file's name, or what stands for one.
fn named(name: &str) -> String {
    let name = file_name(name);
    if name.is_empty() { "file".to_owned() } else { name }
}

fn read(name: &str, bytes: &[u8]) -> Result<String, Error> {
    if bytes.is_empty() {
        return Err(Error::invalid("knowledge", format!("“{name}” is empty. Choose another file.")));
    }
    if bytes.len() > MAX_FILE_BYTES {
        return Err(Error::TooLarge(format!("“{name}” is larger than 1 MB. Choose a part of it.")));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => Ok(text.trim_start_matches('\u{feff}').replace("\r\n", "\n")),
        _ => Err(Error::invalid(
            "knowledge",
            format!("“{name}” is no PDF and no text or Markdown in UTF-8. Save it as text, and choose that file."),
        )),
    }
}

fn unreadable() -> Error {
    Error::invalid("form", "The form did not arrive whole. Send it again.")
}

fn problem(error: &axum::extract::multipart::MultipartError) -> Error {
    if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
        return Error::TooLarge("The form and its files can have 24 MB together. Add some of them with the next save.".to_owned());
    }
    unreadable()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knowledge_is_text_and_nothing_else() {
        assert_eq!(read("a.md", b"\xef\xbb\xbf# One\r\n").unwrap(), "# One\n");
        for bytes in [&b"PK\x03\x04\xff\xfe"[..], b"a\0b"] {
            assert!(read("a.docx", bytes).unwrap_err().problem().words.contains("Save it as text"), "{bytes:?}");
        }
        assert!(read("a.md", b"").is_err());
        assert!(matches!(read("a.md", &vec![b'a'; MAX_FILE_BYTES + 1]), Err(Error::TooLarge(_))));
    }
}
