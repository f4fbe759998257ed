//! What a handler leaves of a request's body.
//!
//! A request that is refused for its key, its address or its size is answered before all of its body is there. If an
//! HTTP/1 connection were closed then, with bytes still coming in, it would be reset, and a client that is still sending
//! might never see the answer. So the rest is read for a while and thrown away: it is never kept, and the connection
//! serves the next request.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::http::Request;
use axum::http::header::EXPECT;
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use tokio::runtime::Handle;

/// How long the rest may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A body of which the rest is read when it is dropped.
struct ReadOut {
    /// There until its end.
    body: Option<Incoming>,
    /// Its sender waits for a word before it sends anything, and no word was given.
    held_back: bool,
}

/// The request with a body of which nothing is left behind.
pub fn read_out(request: Request<Incoming>) -> axum::extract::Request {
    if request.body().is_end_stream() {
        return request.map(axum::body::Body::new);
    }
    let held_back = request.headers().contains_key(EXPECT);
    request.map(|body| axum::body::Body::new(ReadOut { body: Some(body), held_back }))
}

impl Body for ReadOut {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        self.held_back = false;
        let frame = self.body.as_mut().map_or(Poll::Ready(None), |body| Pin::new(body).poll_frame(cx));
        if matches!(frame, Poll::Ready(None | Some(Err(_)))) {
            self.body = None;
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or_else(|| SizeHint::with_exact(0), Body::size_hint)
    }
}

impl Drop for ReadOut {
    fn drop(&mut self) {
        let left = self.body.take().filter(|body| !body.is_end_stream() && !self.held_back);
        // Outside of the runtime everything ends anyway.
        let (Some(mut body), Ok(runtime)) = (left, Handle::try_current()) else { return };
        runtime.spawn(tokio::time::timeout(PATIENCE, async move {
            while let Some(Ok(_)) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {}
        }));
    }
}
