//! The real server on a free port, with a database of its own and a clock that stands still.

use std::net::SocketAddr;
use std::ops::Deref;
use std::time::Duration;

use takeback::app::App;
use takeback::clock::Clock;
use takeback::config::{Config, Options};
use takeback::write_tx;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::client::Client;
use super::database::Database;
use super::eventually::eventually;
use super::port::Port;

/// 2026-01-15T12:00:00Z in Unix microseconds: when every test begins.
pub(crate) const START: i64 = 1_768_478_400_000_000;

/// A running server. It derefs to its [`App`], for direct calls of features. Dropping it removes its database.
pub(crate) struct TestApp {
    pub(crate) app: App,
    pub(crate) address: SocketAddr,
    port: Port,
    stop: Option<oneshot::Sender<()>>,
    server: Option<JoinHandle<()>>,
    /// Last, so that it goes last.
    database: Database,
}

impl TestApp {
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| ()).await
    }

    /// Starts with a configuration other than the default.
    pub(crate) async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let database = Database::fresh().await;
        let options =
            Options { data: Some(database.folder().join("data")), database: Some(database.url().to_owned()), ..Options::default() };
        let mut config = Config::load(&options).unwrap();
        std::fs::create_dir_all(&config.data).unwrap();
        // Whatever runs on this machine is no part of a test.
        config.ollama = None;
        config.listen = SocketAddr::from(([127, 0, 0, 1], 0));
        config.demo_pace = Duration::ZERO;
        // The program of a test is the test.
        config.program = env!("CARGO_BIN_EXE_takeback").into();
        change(&mut config);
        Self::serve(database, Port::take(), config).await
    }

    async fn serve(database: Database, port: Port, mut config: Config) -> Self {
        let address = port.address();
        let listener = TcpListener::bind(address).await.unwrap();
        config.listen = address;
        let app = App::new(config, Clock::fixed(START)).await.unwrap();
        let (stop, stopped) = oneshot::channel();
        let serving = takeback::serve::serve(app.clone(), listener, async {
            let _ = stopped.await;
        });
        let server = tokio::spawn(async { serving.await.unwrap() });
        Self { app, address, port, stop: Some(stop), server: Some(server), database }
    }

    /// Stops the server as a signal would, and starts it again on the same database.
    pub(crate) async fn restart(self) -> Self {
        self.restart_with(|_| ()).await
    }

    /// The same, with something about the configuration changed.
    pub(crate) async fn restart_with(mut self, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = self.app.config.clone();
        change(&mut config);
        drop(self.stop.take());
        self.server.take().unwrap().await.unwrap();
        let database = std::mem::take(&mut self.database);
        let clock = self.now();
        // The address that it had before: its windows look for it there.
        let again = Self::serve(database, self.port.clone(), config).await;
        again.clock.advance(Duration::from_micros(u64::try_from(clock - START).unwrap()));
        again
    }

    /// Lets time pass.
    pub(crate) fn advance(&self, by: Duration) {
        self.clock.advance(by);
    }

    /// One statement about one row, straight at the database: for states that no feature makes.
    pub(crate) async fn run(&self, statement: &'static str, id: &str) {
        let done = write_tx!(self.db, "test: a statement", |tx| { Ok(sqlx::query(statement).bind(id).execute(tx).await?.rows_affected()) });
        assert_eq!(done.unwrap(), 1, "{statement}");
    }

    /// A page's whole address.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Waits until the clean-ups that were left for later are done: the server's own runner may be at one of them.
    pub(crate) async fn finish_jobs(&self) {
        for _ in 0..20_000 {
            takeback::jobs::runner::run_due(&self.app).await.unwrap();
            let left: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM jobs").fetch_one(self.db.reader()).await.unwrap();
            if left == 0 {
                return;
            }
            self.advance(Duration::from_millis(20));
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("a job does not end");
    }

    /// Waits until the server has removed what was deleted.
    pub(crate) async fn cleaned_up(&self) {
        let query = "SELECT COUNT(*) FROM jobs WHERE kind LIKE 'purge%'";
        eventually("it is removed", async || {
            self.jobs.wake();
            sqlx::query_scalar::<_, i64>(query).fetch_one(self.db.reader()).await.unwrap() == 0
        })
        .await;
    }

    /// A browser without a cookie.
    pub(crate) fn anonymous(&self) -> Client {
        Client::new(self.address)
    }
}

impl Deref for TestApp {
    type Target = App;

    fn deref(&self) -> &App {
        &self.app
    }
}
