//! The one shared state of a running server.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::accounts;
use crate::answers::live;
use crate::answers::running::Running;
use crate::answers::watch::Watch;
use crate::answers::write_down::Unwritten;
use crate::clock::Clock;
use crate::config::Config;
use crate::error::Error;
use crate::http::limits::Limits;
use crate::jobs::runner::Waker;
use crate::links::gate::Gate;
use crate::links::views::ViewCounter;
use crate::pages::memo::Memo;
use crate::pdf;
use crate::providers::registry::Registry;
use crate::providers::tls;
use crate::storage::Db;
use crate::webhooks::send::Clients;

/// A handle to the shared state; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What [`App`] hands out.
pub struct Parts {
    /// The configuration.
    pub config: Config,
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// The one question every share surface asks.
    pub gate: Gate,
    /// Rendered shared pages.
    pub memo: Memo,
    /// Views not yet written down.
    pub views: ViewCounter,
    /// How often a door may be tried.
    pub limits: Limits,
    /// Passwords hashed at the same time: each takes 19 MiB and a core.
    pub hashing: Arc<Semaphore>,
    /// The same for those of links: a crowd before a link keeps nobody from signing in.
    pub link_hashing: Arc<Semaphore>,
    /// The text of PDF files.
    pub pdfs: pdf::Reader,
    /// Where answers come from.
    pub providers: Registry,
    /// Conversations in which something happens, and the windows that look at them.
    pub answers: live::Registry,
    /// The answers that this server is writing.
    pub running: Running,
    /// Ends answers and windows that are to end.
    pub watch: Watch,
    /// What models said and is not written down yet.
    pub unwritten: Unwritten,
    /// Wakes who does what transactions left for later.
    pub jobs: Waker,
    /// How webhooks are sent.
    pub hooks: Clients,
    /// Ends background work and open streams.
    pub shutdown: CancellationToken,
    /// Background work that a stop waits for.
    pub tasks: TaskTracker,
    has_users: AtomicBool,
}

impl App {
    /// Connects the database and puts the state together.
    ///
    /// # Errors
    /// As [`Db::connect`].
    pub async fn new(config: Config, clock: Clock) -> Result<Self, Error> {
        tls::install();
        let db = Db::connect(&config.database, config.connections, clock.now_micros()).await?;
        let limits = Limits::new(&config, &clock);
        let gate = Gate::start(db.clone(), clock.clone()).await?;
        Ok(Self(Arc::new(Parts {
            db,
            clock,
            gate,
            limits,
            pdfs: pdf::Reader::new(&config.program),
            config,
            memo: Memo::default(),
            views: ViewCounter::default(),
            hashing: Arc::new(Semaphore::new(2)),
            link_hashing: Arc::new(Semaphore::new(1)),
            providers: Registry::default(),
            answers: live::Registry::default(),
            running: Running::default(),
            watch: Watch::default(),
            unwritten: Unwritten::default(),
            jobs: Waker::default(),
            hooks: Clients::default(),
            shutdown: CancellationToken::new(),
            tasks: TaskTracker::new(),
            has_users: AtomicBool::new(false),
        })))
    }

    /// Now, in Unix microseconds.
    pub fn now(&self) -> i64 {
        self.clock.now_micros()
    }

    /// Whether anybody ever made an account here. Once true it stays true.
    pub async fn has_users(&self) -> Result<bool, Error> {
        if !self.has_users.load(Ordering::Relaxed) {
            let found = accounts::store::any_ever(&mut *self.db.read().await?).await?;
            self.has_users.store(found, Ordering::Relaxed);
        }
        Ok(self.has_users.load(Ordering::Relaxed))
    }
}

/// Starts `work` at once on a thread where blocking is allowed; the answer is what it answers.
///
/// # Errors
/// Its own, and [`Error::Internal`] if it panicked. A panic's words may hold a person's, so they go nowhere.
pub fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Error> + Send + 'static) -> impl Future<Output = Result<T, Error>> {
    let working = tokio::task::spawn_blocking(work);
    async move {
        working.await.map_err(|ended| {
            let how = if ended.is_panic() { "panicked" } else { "was cut off" };
            Error::Internal(format!("work on a thread of its own {how}"))
        })?
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_words_of_a_panic_are_in_no_error() {
        let ended = blocking::<()>(|| panic!("zanzibarquokka")).await.unwrap_err();
        assert_eq!(ended.to_string(), "internal: work on a thread of its own panicked");
        assert!(!format!("{ended:?}").contains("zanzibarquokka"));
        assert!(matches!(blocking::<()>(|| Err(Error::NotFound)).await, Err(Error::NotFound)));
        assert_eq!(blocking(|| Ok(7)).await.unwrap(), 7);
    }
}
