//! Pictures and text files that a person sends with a message.

use axum::extract::Multipart;
use axum::extract::multipart::MultipartRejection;

use super::say::Message;
use crate::error::Error;

/// The largest file.
pub const MAX_BYTES: usize = 10 << 20;
/// The most files of one message.
pub const MAX_FILES: usize = 10;

/// The largest form of the composer.
pub const MAX_FORM_BYTES: usize = 32 << 20;

/// Reads what the composer sent.
///
/// # Errors
/// [`Error::Invalid`] for a form that can't be read.
pub async fn receive(form: Result<Multipart, MultipartRejection>) -> Result<Message, Error> {
    let mut form = form.map_err(|_| unreadable())?;
    let mut message = Message::default();
    while let Some(field) = form.next_field().await.map_err(|_| unreadable())? {
        match field.name() {
            Some("text") => message.text = field.text().await.map_err(|_| unreadable())?,
            Some("model") => message.model_id = field.text().await.map_err(|_| unreadable())?,
            _ => {}
        }
    }
    Ok(message)
}

fn unreadable() -> Error {
    Error::invalid("form", "The message did not arrive whole. Send it again.")
}
