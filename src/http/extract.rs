//! What stands in an address, with our words when it can't be read: [`Path`] and [`Query`] are axum's with an
//! [`Error`] as their rejection. Together with [`Form`](super::form::Form) they are where U+0000 is refused: PostgreSQL
//! keeps it in no text.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::headers;
use crate::error::Error;

/// The parameters of the route.
#[derive(Clone, Debug)]
pub struct Path<T>(pub T);

/// The fields behind the question mark.
#[derive(Clone, Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let found = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        match found {
            Ok(axum::extract::Path(parameters)) if !holds_nul(parts.uri.path().as_bytes()) => Ok(Self(parameters)),
            _ if headers::is_share_surface(parts.uri.path()) => Err(Error::Gone),
            _ => Err(Error::NotFound),
        }
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let fields = axum::extract::Query::<T>::from_request_parts(parts, state).await;
        match fields {
            Ok(axum::extract::Query(fields)) if !holds_nul(parts.uri.query().unwrap_or_default().as_bytes()) => Ok(Self(fields)),
            _ => Err(Error::invalid(
                "query",
                "What stands behind the question mark of the address can't be read. Open it without that part.",
            )),
        }
    }
}

/// Whether percent-encoded text would hold U+0000.
pub fn holds_nul(encoded: &[u8]) -> bool {
    encoded.contains(&0) || encoded.windows(3).any(|three| three == b"%00")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nul_is_found_in_encoded_text_and_nothing_else_is() {
        for (text, held) in [("a%00b", true), ("%00", true), ("a\0b", true), ("a%2500b", false), ("%0", false), ("a%0Ab00", false)] {
            assert_eq!(holds_nul(text.as_bytes()), held, "{text:?}");
        }
    }
}
