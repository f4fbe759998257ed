//! Every query on providers and models.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};
use sqlx::Row;

use super::provider::Listed;
use super::rules::{Audience, Rule};
use crate::error::Error;
use crate::storage::{Tx, sql};

/// A provider that was typed on the page.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Typed {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) base_url: String,
    pub(super) sealed_key: Vec<u8>,
    pub(super) models: String,
    pub(super) context_tokens: i64,
}

/// A list as it was fetched last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List {
    /// The models.
    pub models: Vec<Listed>,
    /// Why the last attempt failed, in our words; empty: it didn't.
    pub problem: String,
    /// Unix microseconds; 0: never.
    pub fetched_at: i64,
}

/// A model as it is written into a list.
#[derive(Serialize, Deserialize)]
struct Entry {
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    context_tokens: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    takes_images: Option<bool>,
}

const TYPED: &str = "SELECT id, name, kind, base_url, sealed_key, models, context_tokens FROM providers";

pub(super) async fn all(tx: &mut Tx) -> Result<Vec<Typed>, Error> {
    let query = format!("{TYPED} ORDER BY created_at, id");
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(query)).fetch_all(tx).await?)
}

/// # Errors
/// [`Error::NotFound`] if there is none.
pub(super) async fn one(tx: &mut Tx, id: &str) -> Result<Typed, Error> {
    let query = format!("{TYPED} WHERE id = $1");
    sqlx::query_as(sqlx::AssertSqlSafe(query)).bind(id).fetch_optional(tx).await?.ok_or(Error::NotFound)
}

pub(super) async fn insert(tx: &mut Tx, typed: &Typed, now: i64) -> Result<(), Error> {
    let query = "INSERT INTO providers (id, name, kind, base_url, sealed_key, models, context_tokens, created_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let query = sqlx::query(query).bind(&typed.id).bind(&typed.name).bind(&typed.kind).bind(&typed.base_url);
    query.bind(&typed.sealed_key).bind(&typed.models).bind(typed.context_tokens).bind(now).execute(tx).await?;
    Ok(())
}

pub(super) async fn update(tx: &mut Tx, typed: &Typed) -> Result<(), Error> {
    let query = "UPDATE providers SET name = $2, kind = $3, base_url = $4, sealed_key = $5, models = $6, context_tokens = $7 WHERE id = $1";
    let query = sqlx::query(query).bind(&typed.id).bind(&typed.name).bind(&typed.kind).bind(&typed.base_url);
    sql::one_row(&query.bind(&typed.sealed_key).bind(&typed.models).bind(typed.context_tokens).execute(tx).await?)
}

/// Removes a provider with everything that is known about its models.
pub(super) async fn delete(tx: &mut Tx, id: &str) -> Result<(), Error> {
    sql::one_row(&sqlx::query("DELETE FROM providers WHERE id = $1").bind(id).execute(&mut *tx).await?)?;
    sqlx::query("DELETE FROM provider_lists WHERE provider_id = $1").bind(id).execute(&mut *tx).await?;
    // Everything that begins with the id and a slash; `0` comes right after `/`.
    sqlx::query("DELETE FROM model_rules WHERE model_id >= $1 AND model_id < $2")
        .bind(format!("{id}/"))
        .bind(format!("{id}0"))
        .execute(tx)
        .await?;
    Ok(())
}

pub(super) async fn lists(tx: &mut Tx) -> Result<HashMap<String, List>, Error> {
    let rows = sqlx::query("SELECT provider_id, models, problem, fetched_at FROM provider_lists").fetch_all(tx).await?;
    let list = |row: &sqlx::any::AnyRow| -> Result<(String, List), Error> {
        let entries: Vec<Entry> = serde_json::from_str(row.try_get("models")?)?;
        let models =
            entries.into_iter().map(|Entry { name, context_tokens, takes_images }| Listed { name, context_tokens, takes_images }).collect();
        let list = List { models, problem: row.try_get("problem")?, fetched_at: row.try_get("fetched_at")? };
        Ok((row.try_get("provider_id")?, list))
    };
    rows.iter().map(list).collect()
}

pub(super) async fn save_list(tx: &mut Tx, provider_id: &str, list: &List) -> Result<(), Error> {
    let entries: Vec<Entry> = list
        .models
        .iter()
        .map(|Listed { name, context_tokens, takes_images }| Entry {
            name: name.clone(),
            context_tokens: *context_tokens,
            takes_images: *takes_images,
        })
        .collect();
    let query = "INSERT INTO provider_lists (provider_id, models, problem, fetched_at) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (provider_id) DO UPDATE SET models = excluded.models, problem = excluded.problem, \
                 fetched_at = excluded.fetched_at";
    let query = sqlx::query(query).bind(provider_id).bind(serde_json::to_string(&entries)?);
    query.bind(&list.problem).bind(list.fetched_at).execute(tx).await?;
    Ok(())
}

/// Every rule, by model id.
pub(super) async fn rules(tx: &mut Tx) -> Result<HashMap<String, Rule>, Error> {
    let mut people: HashMap<String, HashSet<String>> = HashMap::new();
    for row in sqlx::query("SELECT model_id, user_id FROM model_people").fetch_all(&mut *tx).await? {
        people.entry(row.try_get("model_id")?).or_default().insert(row.try_get("user_id")?);
    }
    let mut rules = HashMap::new();
    for row in sqlx::query("SELECT model_id, shown, audience FROM model_rules").fetch_all(tx).await? {
        let id: String = row.try_get("model_id")?;
        let audience = Audience::read(row.try_get("audience")?, people.remove(&id).unwrap_or_default());
        rules.insert(id, Rule { shown: row.try_get::<i64, _>("shown")? != 0, audience });
    }
    Ok(rules)
}

pub(super) async fn save_rule(tx: &mut Tx, model_id: &str, rule: &Rule) -> Result<(), Error> {
    let query = "INSERT INTO model_rules (model_id, shown, audience) VALUES ($1, $2, $3) \
                 ON CONFLICT (model_id) DO UPDATE SET shown = excluded.shown, audience = excluded.audience";
    sqlx::query(query).bind(model_id).bind(i64::from(rule.shown)).bind(rule.audience.as_str()).execute(&mut *tx).await?;
    sqlx::query("DELETE FROM model_people WHERE model_id = $1").bind(model_id).execute(&mut *tx).await?;
    if let Audience::People(people) = &rule.audience {
        for user_id in people {
            // Whoever is gone by now is left out.
            let query = "INSERT INTO model_people (model_id, user_id) SELECT $1, id FROM users WHERE id = $2 AND deleted_at IS NULL";
            sqlx::query(query).bind(model_id).bind(user_id).execute(&mut *tx).await?;
        }
    }
    Ok(())
}
