//! Queries on events.

use std::collections::HashMap;
use std::fmt;

use sqlx::{AssertSqlSafe, Row};

use crate::api::list;
use crate::error::Error;
use crate::storage::{Tx, sql};

/// One event.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Event {
    /// `evt_…`
    pub id: String,
    /// Unix microseconds.
    pub at: i64,
    /// Who did it, or tried to.
    pub user_id: Option<String>,
    /// What was done: one of [`TYPES`](super::types::TYPES).
    pub action: String,
    /// To what; may be empty.
    pub object_id: String,
    /// From which kind of client.
    pub client: String,
    /// From which network.
    pub address: Option<String>,
}

/// Whose events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// What this person did, and what was done to their account.
    Person(String),
    /// All of this server's.
    Everybody,
}

impl Whose {
    fn person(&self) -> &str {
        if let Self::Person(id) = self { id } else { "" }
    }
}

/// Which of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of these types; `None`: of all.
    pub types: Option<Vec<&'static str>>,
    /// Not before this, in Unix microseconds.
    pub since: Option<i64>,
    /// Before this.
    pub until: Option<i64>,
    /// Of this object alone.
    pub object_id: Option<String>,
}

/// A place in the list: an event's time and id. It holds when that event is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    at: i64,
    id: String,
}

impl Place {
    /// Before everything that there is, read in this direction.
    pub fn beginning(ascending: bool) -> Self {
        Self { at: if ascending { i64::MIN } else { i64::MAX }, id: String::new() }
    }

    /// Behind this event.
    pub fn behind(event: &Event) -> Self {
        Self { at: event.at, id: event.id.clone() }
    }

    /// From an address.
    ///
    /// # Errors
    /// [`Error::Invalid`] for what no list has given out.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let parts = text.split_once('.').and_then(|(at, id)| Some(Self { at: at.parse().ok()?, id: id.to_owned() }));
        parts.ok_or_else(|| Error::invalid("after", "The list has changed since you opened it. Reload the page."))
    }

    /// Where an event is that a program named as a cursor.
    ///
    /// # Errors
    /// As [`list::Cursor::unknown`] for one that isn't there, or that is none of theirs.
    pub async fn of(tx: &mut Tx, whose: &Whose, cursor: &list::Cursor) -> Result<Self, Error> {
        let query = "SELECT at, id FROM audit_events WHERE id = $1 AND ($2 = '' OR user_id = $2 OR object_id = $2)";
        let row = sqlx::query(query).bind(cursor.id()).bind(whose.person()).fetch_optional(tx).await?;
        let row = row.ok_or_else(|| cursor.unknown())?;
        Ok(Self { at: row.try_get("at")?, id: row.try_get("id")? })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.at, self.id)
    }
}

/// Up to `limit` events behind `place`, oldest or newest first.
pub async fn page(tx: &mut Tx, whose: &Whose, filter: &Filter, place: &Place, ascending: bool, limit: i64) -> Result<Vec<Event>, Error> {
    let (direction, than) = if ascending { ("ASC", ">") } else { ("DESC", "<") };
    // Names of ours, none of which anybody typed.
    let types = match &filter.types {
        Some(types) if types.is_empty() => "FALSE".to_owned(),
        Some(types) => format!("action IN ('{}')", types.join("', '")),
        None => "TRUE".to_owned(),
    };
    let part = |of: &str| {
        format!(
            "SELECT id, at, user_id, action, object_id, client, address FROM audit_events \
             WHERE {of} AND (at, id) {than} ($2, $3) AND at >= $4 AND at < $5 AND ($6 = '' OR object_id = $6) AND {types}"
        )
    };
    let found = match whose {
        // Two parts, so that each reads an index in its order.
        Whose::Person(_) => {
            format!("{} UNION ALL {}", part("user_id = $1"), part("object_id = $1 AND (user_id IS NULL OR user_id <> $1)"))
        }
        Whose::Everybody => part("$1 = ''"),
    };
    let query = format!("{found} ORDER BY at {direction}, id {direction} LIMIT $7");
    let rows = sqlx::query_as(AssertSqlSafe(query))
        .bind(whose.person())
        .bind(place.at)
        .bind(&place.id)
        .bind(filter.since.unwrap_or(i64::MIN))
        .bind(filter.until.unwrap_or(i64::MAX))
        .bind(filter.object_id.as_deref().unwrap_or_default())
        .bind(limit)
        .fetch_all(tx)
        .await?;
    Ok(rows)
}

/// What people are called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Their name.
    pub name: String,
    /// Their e-mail address.
    pub email: String,
}

/// Those people of these events who still have an account, by their ids: who did something, and to whose account.
pub async fn people(tx: &mut Tx, events: &[Event]) -> Result<HashMap<String, Named>, Error> {
    let mut ids: Vec<&str> = events.iter().filter_map(|event| event.user_id.as_deref()).collect();
    ids.extend(events.iter().map(|event| event.object_id.as_str()).filter(|id| id.starts_with("user_")));
    ids.sort_unstable();
    ids.dedup();
    let mut people = HashMap::new();
    for chunk in ids.chunks(500) {
        let query = format!("SELECT id, name, email FROM users WHERE deleted_at IS NULL AND id IN ({})", sql::placeholders(1, chunk.len()));
        let mut statement = sqlx::query(AssertSqlSafe(query)).persistent(false);
        for id in chunk {
            statement = statement.bind((*id).to_owned());
        }
        for row in statement.fetch_all(&mut *tx).await? {
            people.insert(row.try_get("id")?, Named { name: row.try_get("name")?, email: row.try_get("email")? });
        }
    }
    Ok(people)
}
