//! The schema's history: append-only, each step in a transaction of its own.

use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor, Row};

use super::dialect::{self, Dialect};
use crate::error::Error;

/// Every migration ever released, oldest first. Its number is its place, from 1.
pub const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_foundation.sql"),
    include_str!("migrations/0002_answers.sql"),
    include_str!("migrations/0003_search.sql"),
    include_str!("migrations/0004_providers.sql"),
    include_str!("migrations/0005_ending.sql"),
    include_str!("migrations/0006_api.sql"),
    include_str!("migrations/0007_conversations_by_creation.sql"),
    include_str!("migrations/0008_expiry.sql"),
    include_str!("migrations/0009_activity.sql"),
    include_str!("migrations/0010_assistants.sql"),
    include_str!("migrations/0011_webhooks.sql"),
    include_str!("migrations/0012_purse.sql"),
    include_str!("migrations/0013_pdfs.sql"),
    include_str!("migrations/0014_locks.sql"),
];

/// Brings the database's schema up to what this binary knows.
///
/// # Errors
/// Refuses a schema that is newer than the binary, and says so.
pub async fn run(connection: &mut AnyConnection, dialect: Dialect, now_micros: i64) -> Result<(), Error> {
    let table = "CREATE TABLE IF NOT EXISTS schema_migrations (number BIGINT PRIMARY KEY, applied_at BIGINT NOT NULL)";
    if let Err(error) = connection.execute(table).await {
        // Of several servers that start at once on an empty PostgreSQL, some are told that another was quicker.
        if !dialect::is_made_already(&error) {
            return Err(error.into());
        }
    }
    let applied: i64 = sqlx::query("SELECT COALESCE(MAX(number), 0) AS number FROM schema_migrations")
        .fetch_one(&mut *connection)
        .await?
        .try_get("number")?;
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if applied > known {
        return Err(Error::Setup(format!(
            "The database's schema is number {applied}, and this version of Takeback knows only {known}. \
             Run the newer version that made it."
        )));
    }
    for (number, sql) in (1_i64..).zip(MIGRATIONS) {
        if number > applied {
            apply(connection, dialect, number, sql, now_micros).await?;
        }
    }
    Ok(())
}

async fn apply(connection: &mut AnyConnection, dialect: Dialect, number: i64, sql: &str, now_micros: i64) -> Result<(), Error> {
    let mut step = connection.begin_with(dialect.begin_write()).await?;
    // Another process may have been quicker; on PostgreSQL its row makes this insert wait and then fail.
    let done = sqlx::query("INSERT INTO schema_migrations (number, applied_at) VALUES ($1, $2) ON CONFLICT (number) DO NOTHING")
        .bind(number)
        .bind(now_micros)
        .execute(&mut *step)
        .await?;
    if done.rows_affected() == 1 {
        step.execute(sqlx::raw_sql(AssertSqlSafe(dialect.schema(sql)))).await?;
    }
    step.commit().await?;
    Ok(())
}
