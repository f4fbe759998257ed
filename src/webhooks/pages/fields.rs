//! What the forms of an endpoint hold: to make one, and to change it.

use crate::error::Error;
use crate::webhooks::endpoint::Endpoint;
use crate::webhooks::event::{EventType, EventTypes};
use crate::webhooks::manage::{MAX_NAME_CHARS, Wish};

/// A form as it is shown: what stands in it, and what is wrong with that.
pub(super) struct Fields {
    pub(super) name: String,
    pub(super) url: String,
    pub(super) events: Vec<EventChoice>,
    pub(super) max_name: usize,
    pub(super) name_problem: Option<String>,
    pub(super) url_problem: Option<String>,
    pub(super) events_problem: Option<String>,
}

pub(super) struct EventChoice {
    pub(super) name: &'static str,
    pub(super) words: &'static str,
    pub(super) checked: bool,
}

/// All events, with those checked that `has` says.
pub(super) fn choices(has: impl Fn(EventType) -> bool) -> Vec<EventChoice> {
    EventType::ALL.map(|kind| EventChoice { name: kind.as_str(), words: kind.words(), checked: has(kind) }).into()
}

impl Fields {
    /// An empty form: told everything.
    pub(super) fn new() -> Self {
        Self {
            name: String::new(),
            url: String::new(),
            events: choices(|_| true),
            max_name: MAX_NAME_CHARS,
            name_problem: None,
            url_problem: None,
            events_problem: None,
        }
    }

    /// What is stored.
    pub(super) fn of(endpoint: &Endpoint) -> Self {
        Self {
            name: endpoint.name.clone(),
            url: endpoint.url.clone(),
            events: choices(|kind| endpoint.event_types.has(kind)),
            ..Self::new()
        }
    }

    /// What was typed, with what is to be corrected.
    pub(super) fn again(typed: &Typed, field: &str, words: String) -> Self {
        let events = choices(|kind| typed.events.iter().any(|name| name == kind.as_str()));
        let mut fields = Self { name: typed.name.clone(), url: typed.url.clone(), events, ..Self::new() };
        *match field {
            "name" => &mut fields.name_problem,
            "event_types" => &mut fields.events_problem,
            _ => &mut fields.url_problem,
        } = Some(words);
        fields
    }
}

/// A form as it arrives.
#[derive(Debug, Default)]
pub(super) struct Typed {
    name: String,
    url: String,
    events: Vec<String>,
}

impl Typed {
    /// From a form's fields; checkboxes of one name come as several.
    pub(super) fn of(pairs: Vec<(String, String)>) -> Self {
        let mut typed = Self::default();
        for (field, value) in pairs {
            match field.as_str() {
                "name" => typed.name = value,
                "url" => typed.url = value,
                "event_types" => typed.events.push(value),
                _ => (),
            }
        }
        typed
    }

    /// What it asks for.
    pub(super) fn wish(&self) -> Result<Wish, Error> {
        let event_types = Some(EventTypes::named(self.events.iter().map(String::as_str))?);
        Ok(Wish { name: Some(self.name.clone()), url: Some(self.url.clone()), event_types, enabled: None })
    }
}
