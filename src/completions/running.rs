//! An answer while it arrives. Dropping it ends it at the provider.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::StreamExt;
use futures_util::stream::BoxStream;

use super::target::Target;
use crate::accounts::user::User;
use crate::answers::run::MAX_BYTES;
use crate::answers::running::{self, Writing};
use crate::answers::watch::Line;
use crate::app::App;
use crate::assistants::voice;
use crate::error::Error;
use crate::providers::provider::{EndReason, Failure, FailureKind, Piece, Question};

/// An answer to a program.
pub struct Completion {
    app: App,
    /// `None`: it is over.
    stream: Option<BoxStream<'static, Result<Piece, Failure>>>,
    line: Arc<Line>,
    /// One of those that its person may have at once, in the pages and here.
    _place: Arc<Writing>,
    bytes: usize,
    /// Bytes that the model thought and nobody is shown.
    thought: Arc<AtomicUsize>,
}

impl Completion {
    /// Asks, for as long as the key is alive.
    ///
    /// # Errors
    /// [`Error::RateLimited`] and [`Error::Busy`] for somebody who asks too much.
    pub fn begin(app: &App, user: &User, key_id: &str, target: &Target, question: Question) -> Result<Self, Error> {
        app.limits.message(&user.id)?;
        let place = running::take_place(app, &user.id)?;
        let line = app.watch.open_program(key_id);
        let stream = target.chosen.provider.answer(question);
        let thought = Arc::default();
        let stream = if target.hides { voice::curtained(stream, Arc::clone(&thought)) } else { stream };
        Ok(Self { app: app.clone(), stream: Some(stream), line, _place: place, bytes: 0, thought })
    }

    /// The next piece; `None` after the end or the first error.
    pub async fn next(&mut self) -> Option<Result<Piece, Error>> {
        let stream = self.stream.as_mut()?;
        let next = tokio::select! {
            biased;
            () = self.line.closed.cancelled() => Err(Error::KeyRequired("This API key ended while the answer was on its way.")),
            () = self.app.shutdown.cancelled() => Err(Error::Stopping),
            piece = stream.next() => piece.unwrap_or_else(|| Err(broke_off())).map_err(Error::NoAnswer),
        };
        let next = next.map(|piece| self.within_bounds(piece));
        if matches!(next, Err(_) | Ok(Piece::End { .. })) {
            self.stream = None;
        }
        Some(next)
    }

    /// The answer ends where those of the pages do.
    fn within_bounds(&mut self, piece: Piece) -> Piece {
        self.bytes += match &piece {
            Piece::Text(text) | Piece::Reasoning(text) => text.len(),
            Piece::Image(image) => image.bytes.len() / 8,
            Piece::ToolCall { .. } | Piece::End { .. } => 0,
        };
        if self.bytes + self.thought.load(Ordering::Relaxed) > MAX_BYTES {
            Piece::End { reason: EndReason::Length, usage: None }
        } else {
            piece
        }
    }
}

fn broke_off() -> Failure {
    let words = "The model’s answer broke off. Try again.".to_owned();
    Failure { words, retry_after_secs: None, kind: FailureKind::Provider }
}
