//! What PostgreSQL does by default is its administrator's business, and changes nothing here.

use takeback::storage::dialect::Dialect;

use crate::support::TestApp;

#[tokio::test]
async fn a_transaction_reads_what_the_one_before_left_whatever_the_default_is() {
    let app = TestApp::start().await;
    if app.db.dialect() != Dialect::Postgres {
        return;
    }
    let name: String = sqlx::query_scalar("SELECT CAST(current_database() AS TEXT)").fetch_one(app.db.reader()).await.unwrap();
    let strict = format!("ALTER DATABASE \"{name}\" SET default_transaction_isolation = 'repeatable read'");
    sqlx::raw_sql(sqlx::AssertSqlSafe(strict)).execute(app.db.reader()).await.unwrap();
    // The default holds for connections that are made from now on.
    let app = app.restart().await;
    let isolation = "SELECT current_setting('transaction_isolation')";
    let elsewhere: String = sqlx::query_scalar(isolation).fetch_one(app.db.reader()).await.unwrap();
    let mut writing = app.db.begin_write().await.unwrap();
    let ours: String = sqlx::query_scalar(isolation).fetch_one(&mut *writing).await.unwrap();
    assert_eq!((elsewhere.as_str(), ours.as_str()), ("repeatable read", "read committed"));
}
