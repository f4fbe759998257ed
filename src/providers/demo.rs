//! The model that is always there. It is no AI, and says so.

use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream};
use futures_util::{FutureExt, StreamExt};

use super::provider::{EndReason, Failure, Listed, Piece, Provider, Question};

/// The name of its one model.
pub const MODEL: &str = "demo";

/// Answers without a model.
#[derive(Clone, Copy, Debug)]
pub struct Demo;

impl Provider for Demo {
    fn answer(&self, question: Question) -> BoxStream<'static, Result<Piece, Failure>> {
        let said = question.turns.last().map(|turn| turn.text.clone()).unwrap_or_default();
        let text = format!("I am the **demo**, not an AI. You said:\n\n> {said}\n");
        let words: Vec<_> = text.split_inclusive(' ').map(|word| Ok(Piece::Text(word.to_owned()))).collect();
        stream::iter(words).chain(stream::once(async { Ok(Piece::End { reason: EndReason::Complete, usage: None }) })).boxed()
    }

    fn models(&self) -> BoxFuture<'_, Result<Vec<Listed>, Failure>> {
        async { Ok(vec![Listed { name: MODEL.to_owned(), context_tokens: None, takes_images: Some(true) }]) }.boxed()
    }
}
