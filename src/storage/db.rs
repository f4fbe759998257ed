//! Connecting, reading, writing.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyConnection, AnyPool, ConnectOptions, Executor};
use tracing::{debug, log::LevelFilter};

use super::dialect::{self, Dialect};
use super::migrate;
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
}

impl Db {
    /// Connects, and brings the schema up to date.
    ///
    /// # Errors
    /// [`Error::Setup`] with words for the administrator when the URL, the file or the server is not usable.
    pub async fn connect(url: &str, connections: u32, now_micros: i64) -> Result<Self, Error> {
        sqlx::any::install_default_drivers();
        let dialect = Dialect::of_url(url)
            .ok_or_else(|| Error::Setup(format!("{url:?} names no database. Use sqlite:PATH or postgres://USER@HOST/NAME.")))?;
        let (readers, writers) = match dialect {
            // One writer: SQLite has one anyway, and a queue in front of it is fairer than its busy loop.
            Dialect::Sqlite => (pool(url, dialect, connections)?, pool(url, dialect, 1)?),
            Dialect::Postgres => {
                let both = pool(url, dialect, connections)?;
                (both.clone(), both)
            }
        };
        let db = Self { readers, writers, url: url.into(), dialect };
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

    /// Runs `work` in one transaction that is tried again when another transaction was in its way, so `work` must
    /// have no effect outside the database. `name` says what it does, for the logs.
    ///
    /// # Errors
    /// What `work` or the commit answers; nothing of it is stored then.
    pub async fn write<T>(&self, name: &'static str, work: impl AsyncFn(&mut Tx) -> Result<T, Error>) -> Result<T, Error> {
        let mut attempt = 1;
        loop {
            match self.attempt(&work).await {
                Err(Error::Database(error)) if attempt < ATTEMPTS && dialect::may_retry(&error) => {
                    debug!(name, attempt, "another transaction was in the way; trying again");
                    tokio::time::sleep(Duration::from_millis(5 << attempt)).await;
                    attempt += 1;
                }
                answer => return answer,
            }
        }
    }

    async fn attempt<T>(&self, work: &impl AsyncFn(&mut Tx) -> Result<T, Error>) -> Result<T, Error> {
        let mut tx = self.writers.begin_with(self.dialect.begin_write()).await?;
        let answer = work(&mut tx).await?;
        tx.commit().await?;
        Ok(answer)
    }

    /// Runs one of the dialect's own statements on the writer, outside a transaction.
    pub async fn maintain(&self, statement: &'static str) -> Result<(), Error> {
        self.writers.execute(sqlx::raw_sql(statement)).await?;
        Ok(())
    }

    /// Ends every connection; on SQLite the write-ahead log is folded into the file.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writers.close().await;
    }
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
    file.try_lock()
        .map_err(|_| Error::Setup(format!("Another Takeback server is using {}. Stop it, or choose another --data folder.", database.display())))?;
    Ok(file)
}
