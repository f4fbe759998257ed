//! Events for elsewhere: a table for a spreadsheet, or JSON, one to a line.

use std::collections::HashMap;
use std::fmt::Write;

use serde_json::{Value, json};

use super::api::AuditEvent;
use super::store::{self, Event, Filter, Named, Place, Whose};
use crate::app::App;
use crate::error::Error;
use crate::pages::view::Time;

/// Events read at once.
const PAGE: i64 = 1_000;

/// In which form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// A table with a head, for spreadsheets.
    Csv,
    /// An object of the API on each line.
    Jsonl,
}

impl Format {
    /// By its name.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "csv" => Some(Self::Csv),
            "jsonl" => Some(Self::Jsonl),
            _ => None,
        }
    }

    /// The ending of a file's name.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
        }
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Jsonl => "application/jsonl",
        }
    }

    /// What comes before the first event.
    pub fn head(self) -> &'static str {
        match self {
            Self::Csv => "id,time,type,user_id,user_email,target_id,client,address\r\n",
            Self::Jsonl => "",
        }
    }

    /// One event, as the API shows it; `user_email` may be there too.
    pub fn line(self, event: &Value) -> String {
        match self {
            Self::Csv => {
                let at = event["created_at"].as_i64().unwrap_or_default().saturating_mul(1_000_000);
                let text = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
                let [id, kind, user, email, target, client, address] =
                    ["id", "type", "user_id", "user_email", "target_id", "client", "address"].map(text);
                row(&[id, Time::at(at, at).iso, kind, user, email, target, client, address])
            }
            Self::Jsonl => format!("{event}\n"),
        }
    }
}

/// Reads all events that fit, newest first, in parts: none of them is held in memory longer than it is written.
pub struct Export {
    app: App,
    whose: Whose,
    filter: Filter,
    format: Format,
    place: Option<Place>,
}

impl Export {
    /// Begins. What happens from now on is not in it, so it has an end.
    pub fn new(app: App, whose: Whose, mut filter: Filter, format: Format) -> Self {
        let now = app.now() + 1;
        filter.until = Some(filter.until.map_or(now, |until| until.min(now)));
        Self { app, whose, filter, format, place: Some(Place::beginning(false)) }
    }

    /// The next part; `None` behind the last.
    pub async fn next(&mut self) -> Result<Option<String>, Error> {
        let Some(place) = self.place.take() else { return Ok(None) };
        let mut tx = self.app.db.read().await?;
        let events = store::page(&mut tx, &self.whose, &self.filter, &place, false, PAGE).await?;
        let people = store::people(&mut tx, &events).await?;
        drop(tx);
        let mut text = if place == Place::beginning(false) { self.format.head().to_owned() } else { String::new() };
        for event in &events {
            text.push_str(&self.format.line(&with_email(event, &people)?));
        }
        self.place = events.last().filter(|_| i64::try_from(events.len()) == Ok(PAGE)).map(Place::behind);
        Ok(Some(text))
    }
}

/// An event as the API shows it, with the e-mail address of its person.
///
/// # Errors
/// None that can happen: an event has a form in JSON.
pub fn with_email(event: &Event, people: &HashMap<String, Named>) -> Result<Value, Error> {
    let mut value = serde_json::to_value(AuditEvent::of(event))?;
    let person = event.user_id.as_ref().and_then(|id| people.get(id));
    value["user_email"] = json!(person.map(|person| &person.email));
    Ok(value)
}

/// A row of a table. A cell that a spreadsheet would take for a formula begins with an apostrophe, which it shows as
/// text.
fn row(cells: &[String]) -> String {
    let mut row = String::new();
    for (at, cell) in cells.iter().enumerate() {
        let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
        // Writing to a String cannot fail.
        let _ = write!(row, "{}\"{}{}\"", if at > 0 { "," } else { "" }, if formula { "'" } else { "" }, cell.replace('"', "\"\""));
    }
    row.push_str("\r\n");
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for cell in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            assert_eq!(row(&[cell.to_owned()]), format!("\"'{cell}\"\r\n"));
        }
        let cells = ["a \"b\"", "c,d", ""].map(str::to_owned);
        assert_eq!(row(&cells), "\"a \"\"b\"\"\",\"c,d\",\"\"\r\n");
    }
}
