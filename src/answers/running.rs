//! The answers that this server is writing.

use std::sync::{Arc, OnceLock};

use super::live::Live;
use super::roll::Roll;
use crate::app::App;
use crate::error::Error;

/// All of them.
pub type Running = Roll<Writing>;

/// One of them, from before it is stored until it is over.
#[derive(Debug)]
pub struct Writing {
    owner_id: String,
    answer: OnceLock<Arc<Live>>,
}

impl Writing {
    /// From here on it can be told to end.
    pub fn begin(&self, answer: &Arc<Live>) {
        // Set once: each answer has a place of its own.
        let _ = self.answer.set(Arc::clone(answer));
    }

    /// The answer, if it has begun and isn't over.
    pub fn answer(&self) -> Option<&Arc<Live>> {
        self.answer.get().filter(|answer| !answer.ended())
    }

    /// Whether it is this one.
    pub fn is(&self, message_id: &str) -> bool {
        self.answer().is_some_and(|answer| answer.message_id == message_id)
    }

    fn is_over(&self) -> bool {
        self.answer.get().is_some_and(|answer| answer.ended())
    }
}

/// A place for one more answer of this person's.
///
/// # Errors
/// [`Error::Busy`] if they have as many as one person may have.
pub fn take_place(app: &App, owner_id: &str) -> Result<Arc<Writing>, Error> {
    let most = app.config.answers_at_once;
    let one = Writing { owner_id: owner_id.to_owned(), answer: OnceLock::new() };
    app.running.add_unless(most, one, |other| other.owner_id == owner_id && !other.is_over()).ok_or_else(|| {
        let words = match most {
            1 => "An answer is being written for you. Send this when it is done, or stop it first.".to_owned(),
            _ => format!("{most} answers are being written for you. Send this when one of them is done, or stop one first."),
        };
        Error::Busy(words)
    })
}
