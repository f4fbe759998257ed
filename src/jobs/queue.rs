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
    /// Tell a webhook's endpoint (the subject) what is due.
    Deliver,
}

/// Who does it: what depends on other people's machines must not keep our own work waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// One after the other, by `jobs::runner`.
    Work,
    /// Many at the same time, by `webhooks::deliver`.
    Deliveries,
}

impl Kind {
    const ALL: [Self; 6] = [Self::PurgeLinks, Self::PurgeConversation, Self::PurgeUser, Self::Index, Self::PurgeGuests, Self::Deliver];

    /// As it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PurgeLinks => "purge_links",
            Self::PurgeConversation => "purge_conversation",
            Self::PurgeUser => "purge_user",
            Self::Index => "index",
            Self::PurgeGuests => "purge_guests",
            Self::Deliver => "deliver",
        }
    }

    /// For `kind IN (…)`: a job that a newer server left is not ours to take, and must not stand in the way of others.
    fn known(lane: Lane) -> String {
        let all = Self::ALL.into_iter().filter(|kind| kind.lane() == lane);
        all.map(|kind| format!("'{}'", kind.as_str())).collect::<Vec<_>>().join(", ")
    }

    fn lane(self) -> Lane {
        if self == Self::Deliver { Lane::Deliveries } else { Lane::Work }
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

/// The same for a subject that has one job of this kind at the most: one that is there becomes due by `now`, whoever
/// holds it.
pub async fn enqueue_once(tx: &mut Tx, kind: Kind, subject: &str, now: i64) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO jobs (id, kind, subject, run_at, leased_until, attempts, created_at) VALUES ($1, $2, $3, $4, 0, 0, $4) \
         ON CONFLICT (id) DO UPDATE SET run_at = CASE WHEN jobs.run_at < excluded.run_at THEN jobs.run_at ELSE excluded.run_at END",
    )
    .bind(format!("job_{}_{subject}", kind.as_str()))
    .bind(kind.as_str())
    .bind(subject)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// Takes the next job of a lane that is due and that nobody holds. One statement, since SQLite ignores `SKIP LOCKED`.
pub async fn claim(db: &Db, lane: Lane, now: i64) -> Result<Option<Job>, Error> {
    if !is_due(db, lane, now).await? {
        return Ok(None);
    }
    write_tx!(db, "claim a job", |tx| {
        let query = format!(
            "UPDATE jobs SET leased_until = $1, attempts = attempts + 1 \
             WHERE id = (SELECT id FROM jobs WHERE run_at <= $2 AND leased_until <= $2 AND kind IN ({}) ORDER BY run_at, id LIMIT 1) \
             AND leased_until <= $2 RETURNING id, kind, subject, attempts",
            Kind::known(lane)
        );
        let row = sqlx::query(AssertSqlSafe(query)).bind(now + LEASE_MICROS).bind(now).fetch_optional(tx).await?;
        let Some(row) = row else { return Ok(None) };
        let kind: String = row.try_get("kind")?;
        let kind = Kind::parse(&kind).ok_or_else(|| Error::Internal(format!("a job of the unknown kind {kind:?}")))?;
        Ok(Some(Job { id: row.try_get("id")?, kind, subject: row.try_get("subject")?, attempts: row.try_get("attempts")? }))
    })
}

/// Looked up before a transaction is begun, so that waiting costs no write.
async fn is_due(db: &Db, lane: Lane, now: i64) -> Result<bool, Error> {
    let query = format!("SELECT id FROM jobs WHERE run_at <= $1 AND leased_until <= $1 AND kind IN ({}) LIMIT 1", Kind::known(lane));
    Ok(sqlx::query(AssertSqlSafe(query)).bind(now).fetch_optional(db.reader()).await?.is_some())
}

/// The job is done.
pub async fn finish(db: &Db, job: &Job) -> Result<(), Error> {
    write_tx!(db, "finish a job", |tx| { finish_in(tx, job).await })
}

/// The same inside a transaction.
pub async fn finish_in(tx: &mut Tx, job: &Job) -> Result<(), Error> {
    sqlx::query("DELETE FROM jobs WHERE id = $1").bind(&job.id).execute(tx).await?;
    Ok(())
}

/// The job failed and is tried again at `run_at`.
pub async fn postpone(db: &Db, job: &Job, run_at: i64) -> Result<(), Error> {
    write_tx!(db, "postpone a job", |tx| { postpone_in(tx, job, run_at).await })
}

/// The same inside a transaction.
pub async fn postpone_in(tx: &mut Tx, job: &Job, run_at: i64) -> Result<(), Error> {
    sqlx::query("UPDATE jobs SET run_at = $1, leased_until = 0 WHERE id = $2").bind(run_at).bind(&job.id).execute(tx).await?;
    Ok(())
}

/// Holds a job's row until the transaction ends.
pub async fn hold(tx: &mut Tx, job: &Job) -> Result<(), Error> {
    sqlx::query("UPDATE jobs SET run_at = run_at WHERE id = $1").bind(&job.id).execute(tx).await?;
    Ok(())
}
