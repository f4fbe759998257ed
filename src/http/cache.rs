//! Who may keep an answer. Nobody, unless the handler says so with a [`CachePolicy`].

use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use axum::middleware::Next;
use axum::response::{IntoResponse, IntoResponseParts, Response, ResponseParts};

/// A handler's word on keeping its answer. Returned beside the body: `(CachePolicy::Immutable, body)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CachePolicy {
    /// An embedded asset under its hash: the address changes when the content does.
    Immutable,
    /// A shared page: the browser may keep it but has to ask each time, and the gate is asked before the answer.
    Revalidate,
}

impl CachePolicy {
    /// The header's value.
    pub fn header(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Immutable => "public, max-age=31536000, immutable",
            Self::Revalidate => "private, no-cache",
        })
    }
}

impl IntoResponseParts for CachePolicy {
    type Error = std::convert::Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Self::Error> {
        parts.headers_mut().insert(CACHE_CONTROL, self.header());
        parts.extensions_mut().insert(self);
        Ok(parts)
    }
}

impl IntoResponse for CachePolicy {
    fn into_response(self) -> Response {
        (self, ()).into_response()
    }
}

/// Marks everything `no-store` that did not name a policy.
pub async fn no_store_by_default(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if response.extensions().get::<CachePolicy>().is_none() {
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}
