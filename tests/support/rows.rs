//! Everything the database holds, as text, to see that nothing was changed.

use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Column, Row};

use takeback::storage::migrate::MIGRATIONS;

use super::app::TestApp;

/// What a refused request may change all the same: views are counted later, and the last use of a session or a key is
/// written down.
const MAY_CHANGE: [&str; 4] = ["views", "last_viewed_at", "last_seen_at", "last_used_at"];

impl TestApp {
    /// One line for each row of each table, sorted. Without the index of words: it follows by itself, whenever the
    /// server's runner comes to it. Without failed sign-ins: that somebody tried is written down beside the answer.
    pub(crate) async fn rows(&self) -> Vec<String> {
        let mut lines = self.all_rows().await;
        let is_index = |line: &str| line.starts_with("search_") || (line.starts_with("jobs:") && line.contains("kind=Some(\"index\")"));
        let is_attempt = |line: &str| line.starts_with("audit_events:") && line.contains("user.sign_in_failed");
        lines.retain(|line| !is_index(line) && !is_attempt(line));
        lines
    }

    /// The same, with the index.
    pub(crate) async fn all_rows(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let tables = MIGRATIONS.iter().flat_map(|sql| sql.split("CREATE TABLE ").skip(1));
        for table in tables.map(|text| text.split([' ', '(']).next().unwrap()) {
            let query = AssertSqlSafe(format!("SELECT * FROM {table}"));
            let rows = sqlx::query(query).fetch_all(self.db.reader()).await.unwrap();
            lines.extend(rows.iter().map(|row| line(table, row)));
        }
        lines.sort_unstable();
        lines
    }
}

fn line(table: &str, row: &AnyRow) -> String {
    let columns = row.columns().iter().map(Column::name).filter(|name| !MAY_CHANGE.contains(name));
    let cells = columns.map(|name| format!("{name}={}", cell(row, name)));
    format!("{table}: {}", cells.collect::<Vec<_>>().join(" "))
}

fn cell(row: &AnyRow, name: &str) -> String {
    let text = row.try_get::<Option<String>, _>(name).map(|text| format!("{text:?}"));
    let number = || row.try_get::<Option<i64>, _>(name).map(|number| format!("{number:?}"));
    let bytes = || row.try_get::<Option<Vec<u8>>, _>(name).map(|bytes| format!("{bytes:02x?}"));
    text.or_else(|_| number()).or_else(|_| bytes()).unwrap()
}
