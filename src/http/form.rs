//! Form bodies, with our words when they can't be read.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;

use super::extract::holds_nul;
use crate::error::Error;

/// A form's fields. Like [`axum::Form`], with an [`Error`] as its rejection.
#[derive(Clone, Debug)]
pub struct Form<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let (parts, body) = request.into_parts();
        let received = Bytes::from_request(Request::from_parts(parts.clone(), body), state).await;
        let bytes = received.map_err(|_| Error::TooLarge("The form is larger than 2 MB.".to_owned()))?;
        if holds_nul(&bytes) {
            return Err(Error::invalid("form", "The form holds a character that can't be stored (U+0000). Go back and take it out."));
        }
        match axum::Form::<T>::from_request(Request::from_parts(parts, Body::from(bytes)), state).await {
            Ok(axum::Form(fields)) => Ok(Self(fields)),
            Err(_) => Err(Error::invalid("form", "The form is not complete. Reload the page and fill it in again.")),
        }
    }
}

/// A line of text that a person typed: trimmed, without control characters, and within `max_chars`.
///
/// # Errors
/// [`Error::Invalid`] for `field`, with what to do.
pub fn line(field: &'static str, label: &str, text: &str, max_chars: usize) -> Result<String, Error> {
    let clean: String = text.chars().filter(|c| !c.is_control()).collect();
    let clean = clean.trim();
    if clean.is_empty() {
        return Err(Error::invalid(field, format!("{label} is empty. Type something.")));
    }
    if clean.chars().count() > max_chars {
        return Err(Error::invalid(field, format!("{label} is longer than {max_chars} characters. Shorten it.")));
    }
    Ok(clean.to_owned())
}
