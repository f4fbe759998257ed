//! What running answers said is written down four times a second, all of them in one transaction: a server that dies
//! takes no more than that with it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tracing::warn;

use super::store::{self, Piece};
use crate::app::App;
use crate::error::Error;
use crate::write_tx;

/// How often.
const EVERY: Duration = Duration::from_millis(250);
/// How long a running answer is believed to live without a word from its server. Every writing makes it longer, and
/// [`watch`](super::watch) does while nothing arrives.
pub const LEASE_MICROS: i64 = 30 * 1_000_000;

/// What was said and is not written down yet.
#[derive(Debug, Default)]
pub struct Unwritten {
    waiting: Mutex<HashMap<String, Vec<Piece>>>,
    something: Notify,
    /// Answers that said something in the last round.
    talking: AtomicUsize,
}

impl Unwritten {
    /// Leaves what a model said to be written down. `number` counts the answer's pieces.
    pub fn add(&self, message_id: &str, number: &mut i64, kind: &'static str, words: &str) {
        let mut waiting = self.waiting();
        if !waiting.contains_key(message_id) {
            waiting.insert(message_id.to_owned(), Vec::new());
        }
        let Some(pieces) = waiting.get_mut(message_id) else { return };
        if let Some(last) = pieces.last_mut().filter(|last| last.kind == kind) {
            last.words.push_str(words);
        } else {
            pieces.push(Piece { message_id: message_id.to_owned(), number: *number, kind: kind.to_owned(), words: words.to_owned() });
            *number += 1;
        }
        drop(waiting);
        self.something.notify_one();
    }

    /// Forgets an answer that ends, which stores itself whole. What is being written of it at this moment is removed
    /// when it is stored, or finds that it is not running any more.
    pub fn forget(&self, message_id: &str) {
        self.waiting().remove(message_id);
    }

    /// How many answers said something lately.
    pub fn talking(&self) -> usize {
        self.talking.load(Ordering::Relaxed)
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<String, Vec<Piece>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes until the server stops. Answers that end write themselves.
pub async fn run(app: App) {
    loop {
        tokio::select! {
            () = app.shutdown.cancelled() => return,
            () = app.unwritten.something.notified() => (),
        }
        tokio::time::sleep(EVERY).await;
        if let Err(error) = write(&app).await {
            warn!(%error, "what models said was not written down; trying again");
            app.unwritten.something.notify_one();
        }
    }
}

/// Writes down what waits.
///
/// # Errors
/// When the database refuses; everything waits on then.
async fn write(app: &App) -> Result<(), Error> {
    let taken = std::mem::take(&mut *app.unwritten.waiting());
    let answers: Vec<&str> = taken.keys().map(String::as_str).collect();
    app.unwritten.talking.store(answers.len(), Ordering::Relaxed);
    let pieces: Vec<&Piece> = taken.values().flatten().collect();
    let leased_until = app.now() + LEASE_MICROS;
    let written = write_tx!(app.db, "write down what models said", |tx| {
        store::lease(tx, &answers, leased_until).await?;
        store::insert_pieces(tx, &pieces).await
    });
    if written.is_err() {
        let mut waiting = app.unwritten.waiting();
        for (message_id, mut pieces) in taken {
            // What came meanwhile stands behind it.
            pieces.extend(waiting.remove(&message_id).unwrap_or_default());
            waiting.insert(message_id, pieces);
        }
    }
    written
}
