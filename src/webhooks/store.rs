//! Queries on endpoints and deliveries. Those for people and programs name whose they are; those for the sender ask
//! whether the endpoint is on and its person may come in.

use sqlx::{AssertSqlSafe, Row};

use super::endpoint::{Delivery, Endpoint, State};
use super::event::EventTypes;
use crate::error::Error;
use crate::jobs::queue::Kind;
use crate::storage::{Tx, sql};

const ENDPOINT: &str = "e.id, e.name, e.url, e.event_types, e.state, e.hint, e.failing_since, e.created_at, e.updated_at";
const DELIVERY: &str = "d.id, d.event_type, d.state, d.attempts, d.next_at, d.last_at, d.last_status, d.problem, d.created_at";
/// Endpoints that may be told something.
const LISTENING: &str =
    "webhook_endpoints e JOIN users u ON u.id = e.user_id AND e.state = 'on' AND u.disabled_at IS NULL AND u.deleted_at IS NULL";

/// A person's endpoints, newest first.
pub async fn of_user(tx: &mut Tx, user_id: &str) -> Result<Vec<Endpoint>, Error> {
    let query = format!("SELECT {ENDPOINT} FROM webhook_endpoints e WHERE e.user_id = $1 ORDER BY e.created_at DESC, e.id DESC");
    Ok(sqlx::query_as(AssertSqlSafe(query)).bind(user_id).fetch_all(tx).await?)
}

/// One endpoint, through its person.
pub async fn owned(tx: &mut Tx, user_id: &str, id: &str) -> Result<Endpoint, Error> {
    let query = format!("SELECT {ENDPOINT} FROM webhook_endpoints e WHERE e.user_id = $1 AND e.id = $2");
    sqlx::query_as(AssertSqlSafe(query)).bind(user_id).bind(id).fetch_optional(tx).await?.ok_or(Error::NotFound)
}

/// The same, holding the row until the transaction ends.
pub async fn lock_owned(tx: &mut Tx, user_id: &str, id: &str) -> Result<Endpoint, Error> {
    let query = "UPDATE webhook_endpoints SET updated_at = updated_at WHERE user_id = $1 AND id = $2";
    sqlx::query(query).bind(user_id).bind(id).execute(&mut *tx).await?;
    owned(tx, user_id, id).await
}

/// How many endpoints a person has.
pub async fn count(tx: &mut Tx, user_id: &str) -> Result<i64, Error> {
    Ok(sqlx::query_scalar("SELECT COUNT(*) FROM webhook_endpoints WHERE user_id = $1").bind(user_id).fetch_one(tx).await?)
}

/// A new endpoint.
pub async fn insert(tx: &mut Tx, user_id: &str, endpoint: &Endpoint, sealed: &[u8]) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO webhook_endpoints (id, user_id, name, url, event_types, state, sealed_secret, old_sealed_secret, old_valid_until, \
         hint, failing_since, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10, $11, $12)",
    )
    .bind(&endpoint.id)
    .bind(user_id)
    .bind(&endpoint.name)
    .bind(&endpoint.url)
    .bind(endpoint.event_types.to_stored())
    .bind(endpoint.state.as_str())
    .bind(sealed.to_vec())
    .bind(Vec::<u8>::new())
    .bind(&endpoint.hint)
    .bind(endpoint.failing_since)
    .bind(endpoint.created_at)
    .bind(endpoint.updated_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// Its name, address, events and state.
pub async fn set(tx: &mut Tx, user_id: &str, endpoint: &Endpoint) -> Result<(), Error> {
    let query = "UPDATE webhook_endpoints SET name = $1, url = $2, event_types = $3, state = $4, failing_since = $5, updated_at = $6 \
                 WHERE user_id = $7 AND id = $8";
    let done = sqlx::query(query)
        .bind(&endpoint.name)
        .bind(&endpoint.url)
        .bind(endpoint.event_types.to_stored())
        .bind(endpoint.state.as_str())
        .bind(endpoint.failing_since)
        .bind(endpoint.updated_at)
        .bind(user_id)
        .bind(&endpoint.id)
        .execute(tx)
        .await?;
    sql::one_row(&done)
}

/// A new secret. The one before is still signed with until then.
pub async fn set_secret(tx: &mut Tx, user_id: &str, endpoint: &Endpoint, sealed: &[u8], old_valid_until: i64) -> Result<(), Error> {
    let query = "UPDATE webhook_endpoints SET old_sealed_secret = sealed_secret, old_valid_until = $1, sealed_secret = $2, hint = $3, \
                 updated_at = $4 WHERE user_id = $5 AND id = $6";
    let done = sqlx::query(query)
        .bind(old_valid_until)
        .bind(sealed.to_vec())
        .bind(&endpoint.hint)
        .bind(endpoint.updated_at)
        .bind(user_id)
        .bind(&endpoint.id)
        .execute(tx)
        .await?;
    sql::one_row(&done)
}

/// Removes an endpoint; its deliveries go with it, by foreign key.
pub async fn delete(tx: &mut Tx, user_id: &str, id: &str) -> Result<(), Error> {
    let done = sqlx::query("DELETE FROM webhook_endpoints WHERE user_id = $1 AND id = $2").bind(user_id).bind(id).execute(tx).await?;
    sql::one_row(&done)
}

/// The endpoints that are on of a person who may come in, and what each is told. They are held until the transaction
/// ends, so that none is removed before what it is to be told is written.
pub async fn listening(tx: &mut Tx, user_id: &str) -> Result<Vec<(String, EventTypes)>, Error> {
    let query = "UPDATE webhook_endpoints SET state = state WHERE user_id = $1 AND state = 'on' \
                 AND EXISTS (SELECT 1 FROM users u WHERE u.id = $1 AND u.disabled_at IS NULL AND u.deleted_at IS NULL) \
                 RETURNING id, event_types";
    let rows = sqlx::query(query).bind(user_id).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((row.try_get("id")?, EventTypes::stored(row.try_get("event_types")?)))).collect()
}

/// Something that an endpoint is to be told.
pub async fn insert_delivery(tx: &mut Tx, id: &str, endpoint_id: &str, event_type: &str, body: &str, now: i64) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO webhook_deliveries (id, endpoint_id, event_type, body, state, attempts, next_at, last_at, last_status, problem, created_at) \
         VALUES ($1, $2, $3, $4, 'waiting', 0, $5, 0, 0, '', $5)",
    )
    .bind(id)
    .bind(endpoint_id)
    .bind(event_type)
    .bind(body)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// What is needed to tell an endpoint something.
#[derive(Clone, Debug)]
pub struct Due {
    /// `whd_…`
    pub id: String,
    /// `whe_…`
    pub endpoint_id: String,
    /// Whose it is.
    pub user_id: String,
    /// Where it is.
    pub url: String,
    /// The body.
    pub body: String,
    /// Attempts made so far.
    pub attempts: i64,
    /// The secret, sealed, and the one before it while it is valid.
    pub sealed: Vec<Vec<u8>>,
    /// The first failure since the endpoint last took something; 0: none.
    pub failing_since: i64,
}

/// What an endpoint is to be told next, if anything is due.
pub async fn due(tx: &mut Tx, endpoint_id: &str, now: i64) -> Result<Option<Due>, Error> {
    let query = format!(
        "SELECT d.id, d.body, d.attempts, e.user_id, e.url, e.sealed_secret, e.old_sealed_secret, e.old_valid_until, e.failing_since \
         FROM {LISTENING} JOIN webhook_deliveries d ON d.endpoint_id = e.id \
         WHERE e.id = $1 AND d.state = 'waiting' AND d.next_at <= $2 ORDER BY d.next_at, d.id LIMIT 1"
    );
    let row = sqlx::query(AssertSqlSafe(query)).bind(endpoint_id).bind(now).fetch_optional(tx).await?;
    row.map(|row| {
        let mut sealed: Vec<Vec<u8>> = vec![row.try_get("sealed_secret")?];
        if row.try_get::<i64, _>("old_valid_until")? > now {
            sealed.push(row.try_get("old_sealed_secret")?);
        }
        Ok(Due {
            id: row.try_get("id")?,
            endpoint_id: endpoint_id.to_owned(),
            user_id: row.try_get("user_id")?,
            url: row.try_get("url")?,
            body: row.try_get("body")?,
            attempts: row.try_get("attempts")?,
            sealed,
            failing_since: row.try_get("failing_since")?,
        })
    })
    .transpose()
}

/// When an endpoint is to be told something next.
pub async fn next_at(tx: &mut Tx, endpoint_id: &str) -> Result<Option<i64>, Error> {
    let query = format!(
        "SELECT MIN(d.next_at) FROM webhook_deliveries d WHERE d.endpoint_id = $1 AND d.state = 'waiting' \
         AND EXISTS (SELECT 1 FROM {LISTENING} WHERE e.id = $1)"
    );
    Ok(sqlx::query_scalar(AssertSqlSafe(query)).bind(endpoint_id).fetch_one(tx).await?)
}

/// The secret of an endpoint, sealed, and the one before it while it is valid.
pub async fn sealed(tx: &mut Tx, user_id: &str, id: &str, now: i64) -> Result<Vec<Vec<u8>>, Error> {
    let query = "SELECT sealed_secret, old_sealed_secret, old_valid_until FROM webhook_endpoints WHERE user_id = $1 AND id = $2";
    let row = sqlx::query(query).bind(user_id).bind(id).fetch_optional(tx).await?.ok_or(Error::NotFound)?;
    let mut all: Vec<Vec<u8>> = vec![row.try_get("sealed_secret")?];
    if row.try_get::<i64, _>("old_valid_until")? > now {
        all.push(row.try_get("old_sealed_secret")?);
    }
    Ok(all)
}

/// What came of an attempt; `false` if the delivery was settled otherwise since.
pub async fn settle(tx: &mut Tx, due: &Due, delivery: &Delivery) -> Result<bool, Error> {
    let query = "UPDATE webhook_deliveries SET state = $1, attempts = $2, next_at = $3, last_at = $4, last_status = $5, problem = $6 \
                 WHERE id = $7 AND endpoint_id = $8 AND state = 'waiting' AND attempts = $9";
    let done = sqlx::query(query)
        .bind(delivery.state.as_str())
        .bind(delivery.attempts)
        .bind(delivery.next_at)
        .bind(delivery.last_at)
        .bind(delivery.last_status)
        .bind(&delivery.problem)
        .bind(&due.id)
        .bind(&due.endpoint_id)
        .bind(due.attempts)
        .execute(tx)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Since when an endpoint has been failing; 0: it isn't.
pub async fn set_failing(tx: &mut Tx, id: &str, since: i64) -> Result<(), Error> {
    let query = "UPDATE webhook_endpoints SET failing_since = $1 WHERE id = $2 AND failing_since <> $1";
    sqlx::query(query).bind(since).bind(id).execute(tx).await?;
    Ok(())
}

/// Switches an endpoint off that is on; answers whether it was.
pub async fn switch_off(tx: &mut Tx, id: &str, state: State) -> Result<bool, Error> {
    let query = "UPDATE webhook_endpoints SET state = $1 WHERE id = $2 AND state = 'on'";
    Ok(sqlx::query(query).bind(state.as_str()).bind(id).execute(tx).await?.rows_affected() == 1)
}

/// Gives up whatever an endpoint was still to be told.
pub async fn give_up(tx: &mut Tx, endpoint_id: &str, problem: &str) -> Result<(), Error> {
    let query = "UPDATE webhook_deliveries SET state = 'failed', problem = $1 WHERE endpoint_id = $2 AND state = 'waiting'";
    sqlx::query(query).bind(problem).bind(endpoint_id).execute(tx).await?;
    Ok(())
}

/// A delivery to an endpoint that was loaded through its person.
pub async fn delivery(tx: &mut Tx, endpoint: &Endpoint, id: &str) -> Result<Delivery, Error> {
    let query = format!("SELECT {DELIVERY} FROM webhook_deliveries d WHERE d.endpoint_id = $1 AND d.id = $2");
    sqlx::query_as(AssertSqlSafe(query)).bind(&endpoint.id).bind(id).fetch_optional(tx).await?.ok_or(Error::NotFound)
}

/// The deliveries to an endpoint beside `cursor`: behind it towards the older, or towards the newer if `ascending`.
pub async fn deliveries(
    tx: &mut Tx,
    endpoint: &Endpoint,
    cursor: Option<&Delivery>,
    ascending: bool,
    limit: i64,
) -> Result<Vec<Delivery>, Error> {
    let (direction, than, edge) = if ascending { ("ASC", ">", i64::MIN) } else { ("DESC", "<", i64::MAX) };
    let query = format!(
        "SELECT {DELIVERY} FROM webhook_deliveries d WHERE d.endpoint_id = $1 AND (d.created_at, d.id) {than} ($2, $3) \
         ORDER BY d.created_at {direction}, d.id {direction} LIMIT $4"
    );
    let rows = sqlx::query_as(AssertSqlSafe(query))
        .bind(&endpoint.id)
        .bind(cursor.map_or(edge, |delivery| delivery.created_at))
        .bind(cursor.map_or("", |delivery| delivery.id.as_str()))
        .bind(limit)
        .fetch_all(tx)
        .await?;
    Ok(rows)
}

/// Lets a delivery begin again.
pub async fn restart(tx: &mut Tx, endpoint: &Endpoint, id: &str, now: i64) -> Result<(), Error> {
    let query =
        "UPDATE webhook_deliveries SET state = 'waiting', attempts = 0, next_at = $1, problem = '' WHERE endpoint_id = $2 AND id = $3";
    sql::one_row(&sqlx::query(query).bind(now).bind(&endpoint.id).bind(id).execute(tx).await?)
}

/// Endpoints that may be told what waits for them and have no job: their person could not come in for a while.
pub async fn without_job(tx: &mut Tx) -> Result<Vec<String>, Error> {
    let query = format!(
        "SELECT e.id FROM {LISTENING} WHERE EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.endpoint_id = e.id AND d.state = 'waiting') \
         AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.kind = $1 AND j.subject = e.id)"
    );
    Ok(sqlx::query_scalar(AssertSqlSafe(query)).bind(Kind::Deliver.as_str()).fetch_all(tx).await?)
}

/// Removes up to `limit` deliveries that were begun before `before`; answers how many.
pub async fn sweep(tx: &mut Tx, before: i64, limit: i64) -> Result<u64, Error> {
    let query = "DELETE FROM webhook_deliveries WHERE id IN (SELECT id FROM webhook_deliveries WHERE created_at < $1 LIMIT $2)";
    Ok(sqlx::query(query).bind(before).bind(limit).execute(tx).await?.rows_affected())
}
