//! Time that a busy machine doesn't spend.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use tokio::task::JoinHandle;

const TICK: Duration = Duration::from_millis(10);

/// Counts the turns that a timer of this runtime gets, which the server's own timers share: it stands still while the
/// machine gives the process no turn. What is "within a second" by it is so wherever there is a processor for it, give or
/// take a fifth. It stands still as well while somebody keeps the runtime's thread to themselves: it can't tell that.
pub(crate) struct Stopwatch {
    ticks: Arc<AtomicU32>,
    ticking: JoinHandle<()>,
}

impl Stopwatch {
    pub(crate) fn start() -> Self {
        let ticks = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&ticks);
        let ticking = tokio::spawn(async move {
            loop {
                tokio::time::sleep(TICK).await;
                counted.fetch_add(1, Relaxed);
            }
        });
        Self { ticks, ticking }
    }

    #[track_caller]
    pub(crate) fn assert_within(&self, limit: Duration) {
        let took = TICK * self.ticks.load(Relaxed);
        assert!(took < limit, "{took:?}, and {limit:?} are allowed");
    }
}

impl Drop for Stopwatch {
    fn drop(&mut self) {
        self.ticking.abort();
    }
}
