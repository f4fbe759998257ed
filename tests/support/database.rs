//! A database for one test: a SQLite file in a temporary folder, or, when `TAKEBACK_TEST_DATABASE` names a PostgreSQL
//! server, a database there. Dropping it removes it.

use std::path::Path;

use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor};
use tempfile::TempDir;

#[derive(Default)]
pub(crate) struct Database {
    folder: Option<TempDir>,
    url: String,
    /// On PostgreSQL: the server's own database, and the name of ours.
    server: Option<(String, String)>,
}

impl Database {
    pub(crate) async fn fresh() -> Self {
        let folder = TempDir::new().unwrap();
        let Some(server) = postgres() else {
            let url = format!("sqlite:{}", folder.path().join("takeback.db").display());
            return Self { folder: Some(folder), url, server: None };
        };
        // The folder's random name serves for the database too: `.tmpAbC123`.
        let name = format!("t_{}", folder.path().file_name().unwrap().to_str().unwrap().trim_start_matches(".tmp"));
        run(&server, format!("CREATE DATABASE \"{name}\"")).await;
        let (base, _) = server.rsplit_once('/').unwrap();
        Self { url: format!("{base}/{name}"), folder: Some(folder), server: Some((server, name)) }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.as_ref().unwrap().path()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let Some((server, name)) = self.server.take() else { return };
        // The test's own runtime may be about to end, so this one works by itself.
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(run(&server, format!("DROP DATABASE \"{name}\" WITH (FORCE)")));
        });
        assert!(thread.join().is_ok() || std::thread::panicking(), "the test's database was not dropped");
    }
}

async fn run(server: &str, statement: String) {
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(server).await.expect("TAKEBACK_TEST_DATABASE must name a PostgreSQL server");
    connection.execute(sqlx::raw_sql(AssertSqlSafe(statement))).await.unwrap();
    connection.close().await.unwrap();
}

/// `postgres://USER@HOST:PORT/DATABASE` of a server where databases may be made.
#[expect(clippy::disallowed_methods, reason = "tests are configured by the environment")]
fn postgres() -> Option<String> {
    std::env::var("TAKEBACK_TEST_DATABASE").ok().filter(|url| !url.is_empty())
}
