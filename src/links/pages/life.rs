//! How long a link works, as the pages ask and say it.

use serde::Deserialize;

use crate::error::Error;
use crate::links::expiry::Expiry;
use crate::links::link::Link;
use crate::pages::view::Time;

/// The two fields of a form: a choice, and the day for the choice `date`.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Life {
    #[serde(default)]
    expires: String,
    #[serde(default)]
    expires_on: String,
}

impl Life {
    /// What was chosen.
    ///
    /// # Errors
    /// As [`Expiry::typed`]; also for `date` without a day.
    pub fn chosen(&self, now: i64) -> Result<Expiry, Error> {
        match (self.expires.as_str(), self.expires_on.trim()) {
            ("date", "") => Err(Error::invalid("expires_at", "Choose the last day on which the link works.")),
            ("date", day) => Expiry::typed(day, now),
            (choice, _) => Expiry::typed(choice, now),
        }
    }
}

/// That a link ends by itself, or has ended.
#[derive(Clone, Debug)]
pub struct End {
    /// When.
    pub time: Time,
    /// It has.
    pub over: bool,
}

impl End {
    /// The end of `link`, seen from `now`.
    pub fn of(link: &Link, now: i64) -> Option<Self> {
        link.expires_at.map(|at| Self { time: Time::at(at, now), over: at <= now })
    }
}
