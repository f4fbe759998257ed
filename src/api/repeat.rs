//! A request that is sent twice makes one thing.
//!
//! A client can't know whether a request whose answer never came was carried out, and so sends it again. It says so
//! with `Idempotency-Key`; OpenAI's clients send none, but count their attempts in `X-Stainless-Retry-Count`, and a
//! repeat of theirs is known by that and by its body. What was made is remembered in the transaction that makes it, so
//! there is no moment at which one is there without the other.
//!
//! Remembered is the id of what was made, not the answer: an answer would keep words that were taken back since. A
//! repeat that comes after the taking back gets the 404 of everything that is gone, and nothing is made again.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use sha2::{Digest, Sha256};
use sqlx::Row;

use crate::clock::DAY_MICROS;
use crate::error::Error;
use crate::storage::Tx;

/// How long after the first attempt a client that only counts its attempts is believed.
const COUNTED_MICROS: i64 = 30 * 60 * 1_000_000;
/// The longest `Idempotency-Key`.
const MAX_KEY: usize = 255;

/// What a request says of being a repeat.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sender {
    key: Option<String>,
    /// How often it was sent before, of a client that counts.
    attempts: Option<u32>,
}

impl<S: Send + Sync> FromRequestParts<S> for Sender {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let key = parts.headers.get("idempotency-key").map(|value| {
            let text = value.to_str().ok().map(str::trim).filter(|text| (1..=MAX_KEY).contains(&text.len()));
            text.map(str::to_owned)
                .ok_or_else(|| Error::bad_param("Idempotency-Key", format!("This header must have 1 to {MAX_KEY} plain characters.")))
        });
        let attempts = parts.headers.get("x-stainless-retry-count").and_then(|count| count.to_str().ok());
        Ok(Self { key: key.transpose()?, attempts: attempts.and_then(|count| count.parse().ok()) })
    }
}

/// A request, marked so that its repeat is known.
#[derive(Clone, Debug)]
pub struct Once {
    mark: Vec<u8>,
    body_hash: Vec<u8>,
    /// How long ago the first attempt may be; `None`: this is the first, as its sender says.
    looks_back: Option<i64>,
}

impl Once {
    /// A request to `operation` with this body; `None` if nothing would tell its repeat from another request.
    pub fn new(sender: &Sender, operation: &str, body_hash: Vec<u8>) -> Option<Self> {
        let (kind, mark, looks_back) = match (&sender.key, sender.attempts) {
            (Some(key), _) => ("key", key.as_bytes(), Some(DAY_MICROS)),
            (None, Some(0)) => ("body", body_hash.as_slice(), None),
            (None, Some(_)) => ("body", body_hash.as_slice(), Some(COUNTED_MICROS)),
            (None, None) => return None,
        };
        let mut hash = Sha256::new();
        // The kind and an end: no mark of a sender's can name a body, or another operation.
        for part in [kind.as_bytes(), operation.as_bytes(), mark] {
            hash.update(part);
            hash.update([0]);
        }
        Some(Self { mark: hash.finalize().to_vec(), body_hash, looks_back })
    }

    /// The id of what this request made before, if it is a repeat. Ask it while the person's row is held: of two at
    /// once the second then sees the first.
    ///
    /// # Errors
    /// [`Error::Unprocessable`] if the mark was on another request.
    pub async fn made(&self, tx: &mut Tx, user_id: &str, now: i64) -> Result<Option<String>, Error> {
        let Some(looks_back) = self.looks_back else { return Ok(None) };
        let query = "SELECT body_hash, object_id FROM api_repeats WHERE user_id = $1 AND mark = $2 AND created_at > $3";
        let row = sqlx::query(query).bind(user_id).bind(self.mark.clone()).bind(now - looks_back).fetch_optional(tx).await?;
        let Some(row) = row else { return Ok(None) };
        if row.try_get::<Vec<u8>, _>("body_hash")? != self.body_hash {
            let words = "This Idempotency-Key was sent with another body before. Use a new one for a new request.";
            return Err(Error::Unprocessable { param: "Idempotency-Key", code: "idempotency_key_reused", words });
        }
        Ok(Some(row.try_get("object_id")?))
    }

    /// Remembers what it made, in the same transaction.
    pub async fn remember(&self, tx: &mut Tx, user_id: &str, object_id: &str, now: i64) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO api_repeats (user_id, mark, body_hash, object_id, created_at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (user_id, mark) DO UPDATE SET body_hash = excluded.body_hash, object_id = excluded.object_id, created_at = excluded.created_at",
        )
        .bind(user_id)
        .bind(self.mark.clone())
        .bind(self.body_hash.clone())
        .bind(object_id)
        .bind(now)
        .execute(tx)
        .await?;
        Ok(())
    }
}

/// Forgets what is older than a day; answers how many.
pub async fn sweep(tx: &mut Tx, now: i64) -> Result<u64, Error> {
    Ok(sqlx::query("DELETE FROM api_repeats WHERE created_at <= $1").bind(now - DAY_MICROS).execute(tx).await?.rows_affected())
}
