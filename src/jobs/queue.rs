//! Work that a transaction leaves for later. It is enqueued inside that transaction, so it happens exactly if the
//! transaction did; it is claimed by a lease, so a job whose server died is taken up by the next.

use sqlx::{AssertSqlSafe, Row};

use crate::error::Error;
use crate::ids;
use crate::storage::{Db, Tx};
use crate::write_tx;

/// What can be left for later. A job may run twice, so each is written to be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Remove the rows of links that their owner (the subject) ended by epoch.
    PurgeLinks,
    /// Remove a deleted conversation (the subject).
    PurgeConversation,
    /// Remove everything of a deleted account (the subject).
    PurgeUser,
    /// Index what is new of a person (the subject), for search.
    Index,
    /// Remove guests whose link or assistant is gone (the subject).
    PurgeGuests,
}

impl Kind {
    const ALL: [Self; 5] = [Self::PurgeLinks, Self::PurgeConversation, Self::PurgeUser, Self::Index, Self::PurgeGuests];

    /// As it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PurgeLinks => "purge_links",
            Self::PurgeConversation => "purge_conversation",
            Self::PurgeUser => "purge_user",
            Self::Index => "index",
            Self::PurgeGuests => "purge_guests",
        }
    }

    /// For `kind IN (…)`: a job that a newer server left is not ours to take, and must not stand in the way of others.
    fn known() -> String {
        Self::ALL.map(|kind| format!("'{}'", kind.as_str())).join(", ")
    }

    fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// A claimed job.
#[derive(Clone, Debug)]
pub struct Job {
    /// `job_…`
    pub id: String,
    /// What to do.
    pub kind: Kind,
    /// The id it is about.
    pub subject: String,
    /// Which attempt this is, from 1.
    pub attempts: i64,
}

/// How long a claimed job belongs to who claimed it, in microseconds.
const LEASE_MICROS: i64 = 10 * 60 * 1_000_000;

/// Leaves a job for later.
pub async fn enqueue(tx: &mut Tx, kind: Kind, subject: &str, now: i64) -> Result<(), Error> {
    sqlx::query("INSERT INTO jobs (id, kind, subject, run_at, leased_until, attempts, created_at) VALUES ($1, $2, $3, $4, 0, 0, $4)")
        .bind(ids::new("job"))
        .bind(kind.as_str())
        .bind(subject)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// Takes the next job that is due and that nobody holds. One statement, since SQLite ignores `SKIP LOCKED`.
pub async fn claim(db: &Db, now: i64) -> Result<Option<Job>, Error> {
    if !is_due(db, now).await? {
        return Ok(None);
    }
    write_tx!(db, "claim a job", |tx| {
        let query = format!(
            "UPDATE jobs SET leased_until = $1, attempts = attempts + 1 \
             WHERE id = (SELECT id FROM jobs WHERE run_at <= $2 AND leased_until <= $2 AND kind IN ({}) ORDER BY run_at, id LIMIT 1) \
             AND leased_until <= $2 RETURNING id, kind, subject, attempts",
            Kind::known()
        );
        let row = sqlx::query(AssertSqlSafe(query)).bind(now + LEASE_MICROS).bind(now).fetch_optional(tx).await?;
        let Some(row) = row else { return Ok(None) };
        let kind: String = row.try_get("kind")?;
        let kind = Kind::parse(&kind).ok_or_else(|| Error::Internal(format!("a job of the unknown kind {kind:?}")))?;
        Ok(Some(Job { id: row.try_get("id")?, kind, subject: row.try_get("subject")?, attempts: row.try_get("attempts")? }))
    })
}

/// Looked up before a transaction is begun, so that waiting costs no write.
async fn is_due(db: &Db, now: i64) -> Result<bool, Error> {
    let query = format!("SELECT id FROM jobs WHERE run_at <= $1 AND leased_until <= $1 AND kind IN ({}) LIMIT 1", Kind::known());
    Ok(sqlx::query(AssertSqlSafe(query)).bind(now).fetch_optional(db.reader()).await?.is_some())
}

/// The job is done.
pub async fn finish(db: &Db, job: &Job) -> Result<(), Error> {
    write_tx!(db, "finish a job", |tx| {
        sqlx::query("DELETE FROM jobs WHERE id = $1").bind(&job.id).execute(tx).await?;
        Ok(())
    })
}

/// The job failed and is tried again at `run_at`.
pub async fn postpone(db: &Db, job: &Job, run_at: i64) -> Result<(), Error> {
    write_tx!(db, "postpone a job", |tx| {
        sqlx::query("UPDATE jobs SET run_at = $1, leased_until = 0 WHERE id = $2").bind(run_at).bind(&job.id).execute(tx).await?;
        Ok(())
    })
}
