//! Erased words leave the files without anybody waiting for it.

use std::time::Duration;

use sqlx::Executor;
use takeback::storage::dialect::Dialect;

use crate::support::{Stopwatch, TestApp, eventually};

#[tokio::test]
async fn a_long_reader_puts_it_off_and_keeps_nobody_from_writing() {
    let app = TestApp::start().await;
    if app.db.dialect() != Dialect::Sqlite {
        assert!(app.db.compact().await.unwrap(), "there it is the server's business");
        return;
    }
    let owner = app.owner().await;
    let mut reader = app.db.dedicated().await.unwrap();
    reader.execute("BEGIN").await.unwrap();
    sqlx::query("SELECT COUNT(*) FROM users").fetch_one(&mut reader).await.unwrap();
    app.small_talk(&owner.user).await;
    let began = Stopwatch::start();
    assert!(!app.db.compact().await.unwrap());
    app.small_talk(&owner.user).await;
    began.assert_within(Duration::from_secs(5));
    reader.execute("ROLLBACK").await.unwrap();
    let wal = app.config.database.trim_start_matches("sqlite:").to_owned() + "-wal";
    assert_ne!(std::fs::metadata(&wal).unwrap().len(), 0);
    // What the server does at its start reads and writes as well.
    eventually("it is empty", async || app.db.compact().await.unwrap() && std::fs::metadata(&wal).unwrap().len() == 0).await;
}
