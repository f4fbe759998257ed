//! Links on a server elsewhere: those of the key's person.

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::error::Error;
use crate::links::expiry::Expiry;
use crate::links::lock::{Half, Wish};
use crate::remote::Remote;

/// A server.
pub struct There(pub Remote);

impl There {
    pub(super) async fn list(&self, stale: Option<i64>) -> Result<Vec<Value>, Error> {
        let query: Vec<(&str, String)> = stale.map(|days| ("stale_days", days.to_string())).into_iter().collect();
        self.0.list("/v1/shared_links", &query, usize::MAX).await
    }

    pub(super) async fn show(&self, id: &str) -> Result<Value, Error> {
        self.0.get(&path(id), &[]).await
    }

    pub(super) async fn update(&self, id: &str, wish: &super::Wish) -> Result<Value, Error> {
        let mut body = Map::new();
        body.extend(wish.title.as_ref().map(|title| ("title".to_owned(), json!(title))));
        body.extend(wish.author.map(|author| ("author".to_owned(), json!(author))));
        body.extend(body_of(wish.expiry));
        body.extend(body_of_lock(&wish.lock));
        body.extend(wish.allow_continue.map(|allowed| ("allow_continue".to_owned(), json!(allowed))));
        body.extend(wish.latest.then(|| ("snapshot".to_owned(), json!("latest"))));
        self.0.change(&path(id), &Value::Object(body)).await
    }

    pub(super) async fn delete(&self, id: &str) -> Result<(), Error> {
        self.0.delete(&path(id), &[]).await.map(|_| ())
    }

    pub(super) async fn delete_all(&self) -> Result<i64, Error> {
        let answer = self.0.delete("/v1/shared_links", &[("all", "true".to_owned())]).await?;
        Ok(answer["deleted"].as_i64().unwrap_or_default())
    }
}

/// The field of a body that says when a link ends; nothing to keep it as it is.
pub(super) fn body_of(expiry: Expiry) -> Option<(String, Value)> {
    let value = match expiry {
        Expiry::Keep => return None,
        Expiry::Never => Value::Null,
        Expiry::At(at) => json!(at.div_euclid(1_000_000)),
    };
    Some(("expires_at".to_owned(), value))
}

/// The fields that say what it asks of visitors.
pub(super) fn body_of_lock(lock: &Wish) -> impl Iterator<Item = (String, Value)> {
    fn field(name: &str, half: &Half<impl Serialize>) -> Option<(String, Value)> {
        match half {
            Half::Keep => None,
            Half::Without => Some((name.to_owned(), Value::Null)),
            Half::With(value) => Some((name.to_owned(), json!(value))),
        }
    }
    field("password", &lock.password).into_iter().chain(field("max_views", &lock.max_views))
}

fn path(id: &str) -> String {
    format!("/v1/shared_links/{id}")
}
