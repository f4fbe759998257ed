//! Erased words leave the files without anybody waiting for it.

use std::time::{Duration, Instant};

use sqlx::Executor;
use takeback::storage::dialect::Dialect;

use crate::support::TestApp;

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
    let began = Instant::now();
    assert!(!app.db.compact().await.unwrap());
    app.small_talk(&owner.user).await;
    assert!(began.elapsed() < Duration::from_secs(5), "it waited for the reader");
    reader.execute("ROLLBACK").await.unwrap();
    let wal = app.config.database.trim_start_matches("sqlite:").to_owned() + "-wal";
    assert_ne!(std::fs::metadata(&wal).unwrap().len(), 0);
    assert!(app.db.compact().await.unwrap());
    assert_eq!(std::fs::metadata(&wal).unwrap().len(), 0);
}
