//! "May this link be opened now?": the one question that every share surface asks, answered by the database.
//!
//! A delete's commit is the revocation, because nothing here remembers that a link is open for longer than the
//! database says so. Questions that arrive together are answered by one read, and a question is only ever answered by
//! a read that began after it was asked.
//!
//! On SQLite, `PRAGMA data_version` tells whether anything was committed since the last read, by any connection of
//! any process. While it stands still the answers that were read still hold, and a view costs that one pragma.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use sqlx::{AnyConnection, AssertSqlSafe, Row};
use tokio::sync::{mpsc, oneshot};
use tracing::warn;

use super::link::{OpenLink, TargetType};
use crate::clock::Clock;
use crate::error::Error;
use crate::storage::{Db, sql};

/// Questions answered by one read at the most.
const BATCH: usize = 256;
/// Answers remembered while the database stands still.
const REMEMBERED: usize = 20_000;

/// How long a read may take.
const PATIENCE: Duration = Duration::from_secs(3);

type Answer = Option<Arc<OpenLink>>;

struct Question {
    link_id: String,
    reply: oneshot::Sender<Option<Answer>>,
}

/// The way to the gate; cheap to clone.
#[derive(Clone)]
pub struct Gate {
    questions: mpsc::Sender<Question>,
    clock: Clock,
}

impl Gate {
    /// Opens the gate's own connection and begins to answer.
    pub async fn start(db: Db, clock: Clock) -> Result<Self, Error> {
        let (questions, inbox) = mpsc::channel(4 * BATCH);
        let connection = db.dedicated().await?;
        tokio::spawn(keep(Keeper { db, connection: Some(connection), remembered: HashMap::new(), version: None }, inbox));
        Ok(Self { questions, clock })
    }

    /// The link, if it is open at this moment and leads to what is asked for.
    ///
    /// # Errors
    /// [`Error::Gone`] for every reason why it is not or does not; [`Error::Locked`] for one that has to be opened first;
    /// [`Error::Unavailable`] when the database doesn't answer: nothing is shown then.
    pub async fn ask(&self, target_type: TargetType, link_id: &str) -> Result<Arc<OpenLink>, Error> {
        self.ask_with(target_type, link_id, None).await
    }

    /// The same for a visitor who shows a proof that they have opened its lock.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn ask_with(&self, target_type: TargetType, link_id: &str, proof: Option<&str>) -> Result<Arc<OpenLink>, Error> {
        let link = self.before_the_lock(target_type, link_id).await?;
        let Some(lock) = &link.lock else { return Ok(link) };
        match proof {
            Some(proof) if lock.takes(proof, self.clock.now_micros()) => Ok(link),
            _ if link.used_up => Err(Error::Gone),
            _ => Err(Error::Locked { link_id: link.id.clone(), asks_password: lock.password_hash.is_some() }),
        }
    }

    /// The same for the one place that opens locks: nothing of such a link is to be shown.
    pub(in crate::links) async fn before_the_lock(&self, target_type: TargetType, link_id: &str) -> Result<Arc<OpenLink>, Error> {
        let (reply, answer) = oneshot::channel();
        let question = Question { link_id: link_id.to_owned(), reply };
        self.questions.send(question).await.map_err(|_| Error::Unavailable)?;
        let link = answer.await.ok().flatten().ok_or(Error::Unavailable)?.ok_or(Error::Gone)?;
        if link.target_type != target_type {
            return Err(Error::Gone);
        }
        // Time passes without a commit, so the expiry is compared here and not in the query.
        if link.expires_at.is_some_and(|at| at <= self.clock.now_micros()) { Err(Error::Gone) } else { Ok(link) }
    }
}

struct Keeper {
    db: Db,
    connection: Option<AnyConnection>,
    remembered: HashMap<String, Answer>,
    /// The database's version at which `remembered` was read.
    version: Option<i64>,
}

async fn keep(mut keeper: Keeper, mut inbox: mpsc::Receiver<Question>) {
    let mut batch = Vec::with_capacity(BATCH);
    // Everything in `batch` was asked before the read below begins.
    while inbox.recv_many(&mut batch, BATCH).await > 0 {
        let read = match keeper.read_in_time(&batch).await {
            // The connection may have been cut while it was idle: once more on a new one.
            Err(error) => {
                warn!(%error, "the gate reconnects");
                keeper.connection = None;
                keeper.read_in_time(&batch).await
            }
            done => done,
        };
        if let Err(error) = &read {
            warn!(%error, "the gate can't ask the database; links answer 503");
            keeper.connection = None;
        }
        for question in batch.drain(..) {
            let answer = read.is_ok().then(|| keeper.remembered.get(&question.link_id).cloned().flatten());
            // Who asked may have gone away.
            let _ = question.reply.send(answer);
        }
    }
}

impl Keeper {
    /// A database that doesn't answer must not keep everybody waiting: then it isn't known, and that is said.
    async fn read_in_time(&mut self, batch: &[Question]) -> Result<(), Error> {
        tokio::time::timeout(PATIENCE, self.read(batch)).await.map_err(|_| Error::Unavailable)?
    }

    /// Makes `remembered` hold what the database says now about every link in `batch`.
    async fn read(&mut self, batch: &[Question]) -> Result<(), Error> {
        if self.connection.is_none() {
            self.version = None;
            self.connection = Some(self.db.dedicated().await?);
        }
        let Some(connection) = self.connection.as_mut() else { return Err(Error::Unavailable) };
        let version = match self.db.dialect().version_query() {
            Some(query) => Some(sqlx::query(query).fetch_one(&mut *connection).await?.try_get::<i64, _>(0)?),
            None => None,
        };
        let stands_still = cfg!(feature = "sabotage-gate-remembers") || (version.is_some() && version == self.version);
        if !stands_still || self.remembered.len() > REMEMBERED {
            self.remembered.clear();
        }
        // Taken before the rows are read: rows that are newer than it are read again next time.
        self.version = version;
        let mut unknown: Vec<&str> = batch.iter().map(|q| q.link_id.as_str()).filter(|id| !self.remembered.contains_key(*id)).collect();
        unknown.sort_unstable();
        unknown.dedup();
        if unknown.is_empty() {
            return Ok(());
        }
        for link in open_links(connection, &unknown).await? {
            self.remembered.insert(link.id.clone(), Some(Arc::new(link)));
        }
        for id in unknown {
            self.remembered.entry(id.to_owned()).or_insert(None);
        }
        Ok(())
    }
}

/// The links among `ids` that are open: they exist, and their owner has neither taken all of them back nor lost the
/// account. A find by bare id, the only one that answers a visitor.
async fn open_links(connection: &mut AnyConnection, ids: &[&str]) -> Result<Vec<OpenLink>, Error> {
    // Rounded up, so that few different statements are prepared; the rest is filled with an id that can't exist.
    let slots = ids.len().next_power_of_two();
    let query = format!(
        "SELECT l.id, l.target_type, l.target_id, l.owner_id, u.name AS owner_name, l.snapshot_id, l.title, l.author, l.message_count, l.allow_continue, \
                l.expires_at, l.created_at, l.views, l.password_hash, l.max_views, l.lock_key \
         FROM links l JOIN users u ON u.id = l.owner_id \
         WHERE l.id IN ({}) AND l.access = 'anyone' AND l.share_epoch = u.share_epoch \
           AND u.disabled_at IS NULL AND u.deleted_at IS NULL",
        sql::placeholders(1, slots)
    );
    let mut statement = sqlx::query_as(AssertSqlSafe(query));
    for slot in 0..slots {
        statement = statement.bind(ids.get(slot).copied().unwrap_or_default().to_owned());
    }
    Ok(statement.fetch_all(connection).await?)
}
