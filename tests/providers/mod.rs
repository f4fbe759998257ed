//! Where answers come from.

mod addresses;
mod answers;
mod catalog;
mod failures;
mod keys;
mod lists;
mod manage;
mod tell;
mod upstream;

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use takeback::providers::address::Reach;
use takeback::providers::provider::{Failure, Piece, Provider, Question, Turn};
use takeback::providers::remote::Remote;
use takeback::providers::resolver::System;
use takeback::providers::settings::Kind;

use crate::support::Upstream;

/// The provider that asks the upstream, as takeback.toml would make it.
fn remote(upstream: &Upstream, kind: Kind) -> Remote {
    Remote::new(upstream.settings("Lab", kind), Reach::Private, Arc::new(System), Duration::from_secs(10))
}

fn question(said: &str) -> Question {
    let turns = vec![Turn { by_model: false, text: said.to_owned(), images: Vec::new() }];
    Question { model: "scripted".to_owned(), turns, ..Question::default() }
}

/// Everything that the stream says, to its end.
async fn all(provider: &dyn Provider, question: Question) -> Vec<Result<Piece, Failure>> {
    let pieces: Vec<_> = provider.answer(question).collect().await;
    let ends = pieces.iter().filter(|piece| matches!(piece, Ok(Piece::End { .. }) | Err(_))).count();
    assert_eq!(ends, 1, "an answer ends once: {pieces:?}");
    assert!(matches!(pieces.last().unwrap(), Ok(Piece::End { .. }) | Err(_)), "{pieces:?}");
    pieces
}

/// The text, and the failure's words; empty if it did not fail.
async fn told(provider: &dyn Provider, said: &str) -> (String, String) {
    let mut told = (String::new(), String::new());
    for piece in all(provider, question(said)).await {
        match piece {
            Ok(Piece::Text(text)) => told.0.push_str(&text),
            Ok(_) => (),
            Err(failure) => told.1 = failure.words,
        }
    }
    told
}
