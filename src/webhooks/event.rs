//! What can happen, and what is said about it: ids, times and numbers. Titles and names are words that a person wrote
//! or chose to show on one page; a program that wants them asks the API with a key.

use serde_json::{Value, json};

use crate::config::Config;
use crate::error::Error;
use crate::links::link::Link;
use crate::pages::view::Time;

/// What can happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventType {
    /// A link was made.
    Created,
    /// What its owner chose for it, or its messages, changed.
    Updated,
    /// It was taken back, alone or with all others.
    Deleted,
    /// It ended by itself.
    Expired,
}

impl EventType {
    /// All of them, in the order of the pages.
    pub const ALL: [Self; 4] = [Self::Created, Self::Updated, Self::Deleted, Self::Expired];

    /// As it is stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "shared_link.created",
            Self::Updated => "shared_link.updated",
            Self::Deleted => "shared_link.deleted",
            Self::Expired => "shared_link.expired",
        }
    }

    /// For people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Created => "A link is made",
            Self::Updated => "A link is changed",
            Self::Deleted => "A link, or all of them, are deleted",
            Self::Expired => "A link ends by itself",
        }
    }

    /// By its name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// Several of them, each once, in the order of [`EventType::ALL`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventTypes(Vec<EventType>);

impl EventTypes {
    /// These, by their names.
    ///
    /// # Errors
    /// [`Error::Invalid`] for `event_types` when one is unknown, or there is none.
    pub fn named<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Self, Error> {
        let mut wanted = Vec::new();
        for name in names {
            let Some(kind) = EventType::parse(name) else {
                let known = EventType::ALL.map(EventType::as_str).join(", ");
                return Err(Error::invalid("event_types", format!("There is no such event. There are: {known}.")));
            };
            wanted.push(kind);
        }
        if wanted.is_empty() {
            return Err(Error::invalid("event_types", "Choose at least one event."));
        }
        Ok(Self(EventType::ALL.into_iter().filter(|kind| wanted.contains(kind)).collect()))
    }

    /// As they are stored. A name that a newer version wrote is no event here.
    pub fn stored(text: &str) -> Self {
        Self(text.split(' ').filter_map(EventType::parse).collect())
    }

    /// To be stored.
    pub fn to_stored(&self) -> String {
        self.names().join(" ")
    }

    /// Their names.
    pub fn names(&self) -> Vec<&'static str> {
        self.0.iter().map(|kind| kind.as_str()).collect()
    }

    /// Whether this one is among them.
    pub fn has(&self, kind: EventType) -> bool {
        self.0.contains(&kind)
    }
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// What.
    pub kind: EventType,
    /// When, in Unix microseconds.
    pub at: i64,
    /// To what.
    data: Value,
    /// Where that is, for what has an address.
    place: Option<Place>,
}

/// An address, whose beginning may be known to the database alone.
#[derive(Clone, Debug, PartialEq)]
struct Place {
    public_url: Option<String>,
    fallback: String,
    path: String,
}

impl Event {
    /// A link as it was then.
    pub fn of_link(kind: EventType, config: &Config, link: &Link, at: i64) -> Self {
        let seconds = |micros: i64| micros.div_euclid(1_000_000);
        let data = json!({
            "id": link.id,
            "object": "shared_link",
            "created_at": seconds(link.created_at),
            "updated_at": seconds(link.updated_at),
            "url": link.path(),
            "target": target(&link.target_id),
            "author": {"display": link.author.as_str()},
            "revision": link.revision,
            "message_count": link.message_count,
            "expires_at": link.expires_at.map(seconds),
            "status": if kind == EventType::Expired { "expired" } else { link.status(at) },
        });
        Self { kind, at, data, place: Some(Place::of(config, link.path())) }
    }

    /// A link that is gone.
    pub fn deleted(link_id: &str, target_id: &str, at: i64) -> Self {
        let data = json!({"id": link_id, "object": "shared_link.deleted", "deleted": true, "target": target(target_id)});
        Self { kind: EventType::Deleted, at, data, place: None }
    }

    /// All of a person's links are gone, however many there were: one event, as it is one act.
    pub fn all_deleted(count: i64, at: i64) -> Self {
        let data = json!({"object": "shared_link.list.deleted", "deleted": count});
        Self { kind: EventType::Deleted, at, data, place: None }
    }

    /// Nothing that happened: what the test of an endpoint sends.
    pub fn sample(kind: EventType, config: &Config, at: i64) -> Self {
        let (id, conversation) = ("link_TakebackTestTakeback11", "conv_TakebackTestTakeback11");
        if kind == EventType::Deleted {
            return Self::deleted(id, conversation, at);
        }
        let seconds = at.div_euclid(1_000_000);
        let expired = kind == EventType::Expired;
        let data = json!({
            "id": id,
            "object": "shared_link",
            "created_at": seconds,
            "updated_at": seconds,
            "url": "/share/TakebackTestTakeback11",
            "target": target(conversation),
            "author": {"display": "anonymous"},
            "revision": 1,
            "message_count": 2,
            "expires_at": expired.then_some(seconds),
            "status": if expired { "expired" } else { "active" },
        });
        Self { kind, at, data, place: Some(Place::of(config, "/share/TakebackTestTakeback11".to_owned())) }
    }

    /// The body of the request: the same bytes at each attempt. `known` is where the server was found when it ran last.
    ///
    /// # Errors
    /// [`Error::Json`], which nothing here can cause.
    pub fn body(&self, known: Option<&str>) -> Result<String, Error> {
        let timestamp = Time::at(self.at, self.at).iso;
        let mut data = self.data.clone();
        if let Some(Place { public_url, fallback, path }) = &self.place {
            data["url"] = format!("{}{path}", public_url.as_deref().or(known).unwrap_or(fallback)).into();
        }
        Ok(serde_json::to_string(&json!({"type": self.kind.as_str(), "timestamp": timestamp, "data": data}))?)
    }
}

/// What a link leads to: ids say what they are of.
fn target(id: &str) -> Value {
    json!({"type": if id.starts_with("asst_") { "assistant" } else { "conversation" }, "id": id})
}

impl Place {
    fn of(config: &Config, path: String) -> Self {
        Self { public_url: config.public_url.clone(), fallback: config.base_url(), path }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_named_stored_and_found_again() {
        let types = EventTypes::named(["shared_link.expired", "shared_link.created", "shared_link.created"]).unwrap();
        assert_eq!(types.to_stored(), "shared_link.created shared_link.expired");
        assert_eq!(EventTypes::stored(&types.to_stored()), types);
        assert!(types.has(EventType::Expired) && !types.has(EventType::Deleted));
        assert!(EventTypes::named([]).is_err() && EventTypes::named(["shared_link.opened"]).is_err());
        assert_eq!(EventTypes::stored("shared_link.opened shared_link.updated").names(), ["shared_link.updated"]);
    }
}
