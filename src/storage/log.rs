//! SQLite's write-ahead log, synced once for all who committed since the last time.
//!
//! A commit leaves its words with the operating system (`synchronous = NORMAL`: a killed server loses nothing, a power
//! cut may), and is answered when a sync of the log that began after it is over. So the next writer doesn't wait for the
//! disk, and writers that come together share its slowest step. SQLite itself syncs the log before it folds it into the
//! database, and what was folded after that: <https://www.sqlite.org/pragma.html#pragma_synchronous>.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Mutex;

use crate::error::Error;

#[derive(Debug)]
pub(super) struct Log {
    path: PathBuf,
    /// Commits so far.
    committed: AtomicU64,
    /// How many of them a sync has covered. Whoever holds it syncs for everybody.
    synced: Mutex<u64>,
}

impl Log {
    /// The log of this database.
    pub(super) fn of(database: &Path) -> Self {
        let mut path = database.as_os_str().to_owned();
        path.push("-wal");
        Self { path: path.into(), committed: AtomicU64::new(0), synced: Mutex::new(0) }
    }

    /// What was committed before the call survives a power cut when this is done.
    ///
    /// # Errors
    /// [`Error::Internal`] when the disk refuses: the commit may be lost with the power then.
    pub(super) async fn sync(&self) -> Result<(), Error> {
        let mine = self.committed.fetch_add(1, Ordering::AcqRel) + 1;
        let mut synced = self.synced.lock().await;
        if *synced >= mine {
            return Ok(());
        }
        let all = self.committed.load(Ordering::Acquire);
        let path = self.path.clone();
        let done = tokio::task::spawn_blocking(move || sync_file(&path)).await.map_err(|_| Error::Unavailable)?;
        done.map_err(|error| Error::Internal(format!("the write-ahead log was not synced: {error}")))?;
        *synced = all;
        Ok(())
    }
}

/// Opened anew each time: SQLite makes another file when all connections were closed in between.
fn sync_file(path: &Path) -> io::Result<()> {
    match File::open(path) {
        Ok(log) => log.sync_data(),
        // It was folded into the database and removed, both synced.
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[tokio::test]
    async fn who_comes_while_another_syncs_shares_the_next_sync() {
        let folder = tempfile::tempdir().unwrap();
        let log = Arc::new(Log::of(&folder.path().join("t.db")));
        File::create(folder.path().join("t.db-wal")).unwrap();
        let turn = log.synced.lock().await;
        let waiting: Vec<_> = (0..32)
            .map(|_| {
                tokio::spawn({
                    let log = log.clone();
                    async move { log.sync().await }
                })
            })
            .collect();
        while log.committed.load(Ordering::Acquire) < 32 {
            tokio::task::yield_now().await;
        }
        drop(turn);
        for done in waiting {
            done.await.unwrap().unwrap();
        }
        assert_eq!(*log.synced.lock().await, 32);
    }

    #[tokio::test]
    async fn a_disk_that_refuses_is_an_error_and_no_log_is_none() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Log::of(&folder.path().join("t.db")).sync().await.is_ok());
        File::create(folder.path().join("file")).unwrap();
        let log = Log::of(&folder.path().join("file/t.db"));
        for _ in 0..2 {
            assert!(matches!(log.sync().await, Err(Error::Internal(_))), "and nobody later is told otherwise");
        }
    }
}
