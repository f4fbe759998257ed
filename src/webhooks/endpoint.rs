//! What an endpoint and a delivery are, in memory.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use super::event::EventTypes;

/// Whether an endpoint is told anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is.
    On,
    /// Its person switched it off.
    Off,
    /// It failed for days, and was switched off.
    Failing,
    /// It answered 410 Gone, which asks to be left alone.
    Gone,
}

impl State {
    /// As it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Off => "off",
            Self::Failing => "failing",
            Self::Gone => "gone",
        }
    }

    /// Anything unknown is off: the safe reading.
    pub fn parse(text: &str) -> Self {
        [Self::On, Self::Failing, Self::Gone].into_iter().find(|state| state.as_str() == text).unwrap_or(Self::Off)
    }
}

/// Where a person's programs are told what happens.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// `whe_…`
    pub id: String,
    /// What its person calls it.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// What it is told.
    pub event_types: EventTypes,
    /// Whether it is told anything.
    pub state: State,
    /// Its secret's first and last characters.
    pub hint: String,
    /// Unix microseconds: the first failure since it last took something; 0: none.
    pub failing_since: i64,
    /// Unix microseconds.
    pub created_at: i64,
    /// Unix microseconds; the last change by its person.
    pub updated_at: i64,
}

impl<'r> FromRow<'r, AnyRow> for Endpoint {
    fn from_row(row: &'r AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.try_get("id")?,
            name: row.try_get("name")?,
            url: row.try_get("url")?,
            event_types: EventTypes::stored(row.try_get("event_types")?),
            state: State::parse(row.try_get("state")?),
            hint: row.try_get("hint")?,
            failing_since: row.try_get("failing_since")?,
            created_at: row.try_get("created_at")?,
            updated_at: row.try_get("updated_at")?,
        })
    }
}

/// How far telling one thing has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It is still to be told, or told again.
    Waiting,
    /// The endpoint took it.
    Delivered,
    /// It was given up.
    Failed,
}

impl Progress {
    /// As it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }

    /// From what is stored.
    pub fn parse(text: &str) -> Self {
        [Self::Waiting, Self::Delivered].into_iter().find(|state| state.as_str() == text).unwrap_or(Self::Failed)
    }
}

/// One thing that an endpoint is told.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// `whd_…`; the header `webhook-id`.
    pub id: String,
    /// By its name.
    pub event_type: String,
    /// How far it has come.
    pub state: Progress,
    /// Attempts made so far.
    pub attempts: i64,
    /// Unix microseconds: when the next attempt is due.
    pub next_at: i64,
    /// Unix microseconds; 0: not yet.
    pub last_at: i64,
    /// The last answer's HTTP status; 0: there was none.
    pub last_status: i64,
    /// Why there was none, or why it was given up; empty: nothing to say.
    pub problem: String,
    /// Unix microseconds.
    pub created_at: i64,
}

impl<'r> FromRow<'r, AnyRow> for Delivery {
    fn from_row(row: &'r AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.try_get("id")?,
            event_type: row.try_get("event_type")?,
            state: Progress::parse(row.try_get("state")?),
            attempts: row.try_get("attempts")?,
            next_at: row.try_get("next_at")?,
            last_at: row.try_get("last_at")?,
            last_status: row.try_get("last_status")?,
            problem: row.try_get("problem")?,
            created_at: row.try_get("created_at")?,
        })
    }
}
