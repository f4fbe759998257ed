//! Everything the database holds, as text, to see that nothing was changed.

use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Column, Row};

use takeback::storage::migrate::MIGRATIONS;

use super::app::TestApp;

/// What a refused request may change all the same: views are counted later, and the last use of a session or a key is
/// written down.
const MAY_CHANGE: [&str; 4] = ["views", "last_viewed_at", "last_seen_at", "last_used_at"];

/// What comes of telling a webhook something follows by itself, whenever it was asked for.
const FOLLOWS: [(&str, &[&str]); 2] = [
    ("webhook_deliveries", &["state", "attempts", "next_at", "last_at", "last_status", "problem"]),
    ("webhook_endpoints", &["failing_since"]),
];

impl TestApp {
    /// One line for each row of each table, sorted. Without the index of words and what comes of telling webhooks: they
    /// follow by themselves, whenever the server comes to it. Without failed sign-ins: that somebody tried is written
    /// down beside the answer.
    pub(crate) async fn rows(&self) -> Vec<String> {
        let mut lines = self.lines(&FOLLOWS).await;
        let follows = |line: &str| {
            let is_job = |kind: &str| line.starts_with("jobs:") && line.contains(&format!("kind=Some({kind:?})"));
            line.starts_with("search_") || is_job("index") || is_job("deliver")
        };
        let is_attempt = |line: &str| line.starts_with("audit_events:") && line.contains("user.sign_in_failed");
        lines.retain(|line| !follows(line) && !is_attempt(line));
        lines
    }

    /// The same, with the index and what was told.
    pub(crate) async fn all_rows(&self) -> Vec<String> {
        self.lines(&[]).await
    }

    async fn lines(&self, without: &[(&str, &[&str])]) -> Vec<String> {
        let mut lines = Vec::new();
        let tables = MIGRATIONS.iter().flat_map(|sql| sql.split("CREATE TABLE ").skip(1));
        for table in tables.map(|text| text.split([' ', '(']).next().unwrap()) {
            let query = AssertSqlSafe(format!("SELECT * FROM {table}"));
            let rows = sqlx::query(query).fetch_all(self.db.reader()).await.unwrap();
            let without = without.iter().find(|(named, _)| *named == table).map_or(&[][..], |(_, columns)| columns);
            lines.extend(rows.iter().map(|row| line(table, row, without)));
        }
        lines.sort_unstable();
        lines
    }
}

fn line(table: &str, row: &AnyRow, without: &[&str]) -> String {
    let columns = row.columns().iter().map(Column::name).filter(|name| !MAY_CHANGE.contains(name) && !without.contains(name));
    let cells = columns.map(|name| format!("{name}={}", cell(row, name)));
    format!("{table}: {}", cells.collect::<Vec<_>>().join(" "))
}

fn cell(row: &AnyRow, name: &str) -> String {
    let text = row.try_get::<Option<String>, _>(name).map(|text| format!("{text:?}"));
    let number = || row.try_get::<Option<i64>, _>(name).map(|number| format!("{number:?}"));
    let bytes = || row.try_get::<Option<Vec<u8>>, _>(name).map(|bytes| format!("{bytes:02x?}"));
    text.or_else(|_| number()).or_else(|_| bytes()).unwrap()
}
