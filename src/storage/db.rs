//! Connecting, reading, writing.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, AnyPool, ConnectOptions, Connection, Executor, Row, Transaction};
use tracing::{debug, log::LevelFilter};

use super::dialect::{self, Dialect};
use super::log::Log;
use super::migrate;
use crate::config::display_url;
use crate::error::Error;

/// A transaction's connection.
pub type Tx = AnyConnection;

/// Times a transaction is tried when the database says that another one was in its way.
const ATTEMPTS: u32 = 8;

/// The database, shared by all.
#[derive(Clone, Debug)]
pub struct Db {
    readers: AnyPool,
    writers: AnyPool,
    url: Arc<str>,
    dialect: Dialect,
    /// What a commit waits for, on SQLite.
    log: Option<Arc<Log>>,
}

impl Db {
    /// Connects, and brings the schema up to date.
    ///
    /// # Errors
    /// [`Error::Setup`] with words for the administrator when the URL, the file or the server is not usable.
    pub async fn connect(url: &str, connections: u32, now_micros: i64) -> Result<Self, Error> {
        sqlx::any::install_default_drivers();
        let dialect = Dialect::of_url(url).ok_or_else(|| {
            Error::Setup(format!("{:?} names no database. Use sqlite:PATH or postgres://USER@HOST/NAME.", display_url(url)))
        })?;
        let (readers, writers) = match dialect {
            // One writer: SQLite has one anyway, and a queue in front of it is fairer than its busy loop.
            Dialect::Sqlite => (pool(url, dialect, connections)?, pool(url, dialect, 1)?),
            Dialect::Postgres => {
                let both = pool(url, dialect, connections)?;
                (both.clone(), both)
            }
        };
        let log = sqlite_path(url).map(|path| Arc::new(Log::of(&path)));
        let db = Self { readers, writers, url: url.into(), dialect, log };
        let mut connection = db.writers.acquire().await.map_err(|e| Error::Setup(format!("The database does not open: {e}.")))?;
        migrate::run(&mut connection, dialect, now_micros).await?;
        drop(connection);
        Ok(db)
    }

    /// Where a single query reads.
    pub fn reader(&self) -> &AnyPool {
        &self.readers
    }

    /// Which database this is.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// A connection of one's own, outside the pools. It must not be held in a transaction.
    pub async fn dedicated(&self) -> Result<AnyConnection, Error> {
        let mut connection = options(&self.url)?.connect().await?;
        if let Some(greeting) = self.dialect.greeting() {
            connection.execute(sqlx::raw_sql(greeting)).await?;
        }
        Ok(connection)
    }

    /// A transaction that may write. Only [`write_ahead!`](crate::write_ahead) calls this.
    pub async fn begin_write(&self) -> Result<Transaction<'static, Any>, Error> {
        let (writers, begin) = (self.writers.clone(), self.dialect.begin_write());
        // In a task of its own: if the request is dropped while it begins, the transaction is still rolled back, and no
        // connection goes back to the pool with one that nobody knows of.
        let begun = tokio::spawn(async move { writers.begin_with(begin).await }).await;
        Ok(begun.map_err(|_| Error::Unavailable)??)
    }

    /// Commits if `answer` is good, and says whether to try again. It is committed for everybody at once; whether a power
    /// cut can undo it, [`Self::synced`] tells. Only [`write_ahead!`](crate::write_ahead) calls this.
    pub async fn settle<T>(&self, name: &'static str, attempt: u32, tx: Transaction<'static, Any>, answer: Result<T, Error>) -> Settled<T> {
        let answer = match answer {
            Ok(value) => tx.commit().await.map(|()| value).map_err(Error::from),
            // Dropping it rolls back.
            Err(error) => {
                drop(tx);
                Err(error)
            }
        };
        match answer {
            Err(Error::Database(error)) if attempt < ATTEMPTS && dialect::may_retry(&error) => {
                debug!(name, attempt, "another transaction was in the way; trying again");
                tokio::time::sleep(Duration::from_millis(5 << attempt)).await;
                Settled::Again
            }
            answer => Settled::Done(answer),
        }
    }

    /// When this is done, no power cut undoes what was committed before the call.
    ///
    /// # Errors
    /// [`Error::Internal`] when the disk refuses: what was committed may be lost with the power then.
    pub async fn synced(&self) -> Result<(), Error> {
        match &self.log {
            Some(log) => log.sync().await,
            None => Ok(()),
        }
    }

    /// A connection for several reads.
    pub async fn read(&self) -> Result<PoolConnection<Any>, Error> {
        Ok(self.readers.acquire().await?)
    }

    /// Takes erased words out of the database's files, as far as the dialect can; answers whether it is done. Readers
    /// in the middle of a query are in its way: try again then.
    pub async fn compact(&self) -> Result<bool, Error> {
        let Some(statement) = self.dialect.compact() else { return Ok(true) };
        // One that waits for nobody: with the writer's patience a long reader would keep everybody from writing.
        let mut connection = self.dedicated().await?;
        connection.execute("PRAGMA busy_timeout = 0").await?;
        // In turn with the writers of this server, which are then not in the way.
        let _turn = self.writers.acquire().await?;
        let row = sqlx::query(statement).fetch_one(&mut connection).await?;
        Ok(row.try_get::<i64, _>(0)? == 0)
    }

    /// Ends every connection; on SQLite the write-ahead log is folded into the file.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writers.close().await;
    }
}

/// What came of one attempt at a transaction.
#[derive(Debug)]
pub enum Settled<T> {
    /// It is over, one way or the other.
    Done(Result<T, Error>),
    /// Another transaction was in its way.
    Again,
}

/// `write_tx!(db, "what it does", |tx| { … })`: runs the block in one transaction and evaluates to its
/// `Result<_, Error>`. The block may run several times, when another transaction is in its way, so it must have no
/// effect outside the database; what it borrows stays whole. An error rolls everything back.
///
/// A macro and not a method with an async closure: the compiler can't prove the futures of those `Send` when they
/// borrow (rust-lang/rust #110338).
#[macro_export]
macro_rules! write_tx {
    ($db:expr, $name:literal, |$tx:ident| $work:block) => {
        match $crate::write_ahead!($db, $name, |$tx| $work) {
            Ok(answer) => $db.synced().await.map(|()| answer),
            Err(error) => Err(error),
        }
    };
}

/// The same, back as soon as it is committed: whoever calls this does something that nobody is told of yet, and waits for
/// [`Db::synced`] before they tell anybody.
#[macro_export]
macro_rules! write_ahead {
    ($db:expr, $name:literal, |$tx:ident| $work:block) => {{
        let db: &$crate::storage::Db = &$db;
        let mut attempt = 1;
        loop {
            let mut transaction = match db.begin_write().await {
                Ok(transaction) => transaction,
                Err(error) => break Err(error),
            };
            let answer: Result<_, $crate::error::Error> = async {
                let $tx: &mut $crate::storage::Tx = &mut transaction;
                $work
            }
            .await;
            match db.settle($name, attempt, transaction, answer).await {
                $crate::storage::Settled::Done(answer) => break answer,
                $crate::storage::Settled::Again => attempt += 1,
            }
        }
    }};
}

fn options(url: &str) -> Result<AnyConnectOptions, Error> {
    // `mode=rwc`: the first start makes the file.
    let url = if url.starts_with("sqlite:") && !url.contains('?') { format!("{url}?mode=rwc") } else { url.to_owned() };
    let options = AnyConnectOptions::from_str(&url).map_err(|e| Error::Setup(format!("The database's URL can't be read: {e}.")))?;
    // Statements may carry nobody's words, but their log is noise; slow ones are worth a line.
    Ok(options.log_statements(LevelFilter::Trace).log_slow_statements(LevelFilter::Debug, Duration::from_secs(1)))
}

fn pool(url: &str, dialect: Dialect, connections: u32) -> Result<AnyPool, Error> {
    Ok(AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(20))
        // After a full disk or a failed write SQLite has ended the transaction by itself, and sqlx can't roll it back:
        // such a connection would refuse every later transaction. The ping sends a rollback that is still waiting.
        .after_release(|connection, _| {
            Box::pin(async move {
                if connection.is_in_transaction() {
                    connection.ping().await?;
                }
                Ok(!connection.is_in_transaction())
            })
        })
        // A test before each use costs a round trip; a broken connection shows itself by its error.
        .test_before_acquire(false)
        .after_connect(move |connection, _| {
            Box::pin(async move {
                if let Some(greeting) = dialect.greeting() {
                    connection.execute(sqlx::raw_sql(greeting)).await?;
                }
                Ok(())
            })
        })
        .connect_lazy_with(options(url)?))
}

/// The file of a SQLite URL.
pub fn sqlite_path(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite:")?;
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    Some(PathBuf::from(rest.split('?').next().unwrap_or(rest)))
}

/// Holds `<database>.lock` while a server runs on a SQLite file, so that two servers never share one. Commands of
/// the command line don't take it: they are guests on the same database.
///
/// # Errors
/// [`Error::Setup`] when another server holds it.
pub fn lock(database: &Path) -> Result<File, Error> {
    let path = database.with_extension("lock");
    let file = File::create(&path).map_err(|e| Error::Setup(format!("{} can't be written: {e}.", path.display())))?;
    file.try_lock().map_err(|_| {
        Error::Setup(format!("Another Takeback server is using {}. Stop it, or choose another --data folder.", database.display()))
    })?;
    Ok(file)
}
