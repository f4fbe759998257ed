//! The PostgreSQL server that `bin/postgres` runs.

use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor};

/// The URL of a new database there; `None` if there is no server.
#[expect(clippy::disallowed_methods, reason = "bin/postgres says where its server is")]
pub(crate) async fn database(name: &str) -> Option<String> {
    let server = std::env::var("TAKEBACK_TEST_DATABASE").ok()?;
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(&server).await.unwrap();
    connection.execute(sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}")))).await.unwrap();
    Some(format!("{}/{name}", server.rsplit_once('/').unwrap().0))
}
