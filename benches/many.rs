//! Many answers at once, to as many listeners: how late their tokens come, and what they take.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use reqwest::Response;
use tokio::sync::Mutex;
use tokio::task::JoinSet;

use super::server::{Server, memory_bytes, processor_seconds};
use super::upstream::{self, newest, now};

const SETTLING: Duration = Duration::from_secs(5);
const MEASURED: Duration = Duration::from_secs(20);

/// Everybody who listens. From [`Many::gather`] to [`Many::measure`] the provider says nothing.
pub(crate) struct Many {
    before_bytes: u64,
    /// In microseconds, of each event while it is measured.
    delays: Arc<Mutex<Vec<u64>>>,
    measuring: Arc<AtomicBool>,
    lines: JoinSet<()>,
}

impl Many {
    /// Nobody yet.
    pub(crate) fn gather(server: &Server) -> Self {
        upstream::hold(true);
        let before_bytes = memory_bytes(server.id(), "VmRSS").unwrap();
        Self { before_bytes, delays: Arc::default(), measuring: Arc::default(), lines: JoinSet::new() }
    }

    /// One more, with the events of their chat.
    pub(crate) fn listen(&mut self, line: Response) {
        let (delays, measuring) = (self.delays.clone(), self.measuring.clone());
        self.lines.spawn(async move {
            let mut bytes = line.bytes_stream();
            let mut last = 0;
            while let Some(Ok(chunk)) = bytes.next().await {
                let Some(sent) = newest(&chunk).filter(|sent| *sent > last) else { continue };
                last = sent;
                if measuring.load(Relaxed) {
                    delays.lock().await.push(now() - sent);
                }
            }
        });
    }

    /// Lets the provider speak, and prints the table.
    pub(crate) async fn measure(self, server: &Server) {
        upstream::hold(false);
        tokio::time::sleep(SETTLING).await;
        let (used, began) = (processor_seconds(server.id()), Instant::now());
        self.measuring.store(true, Relaxed);
        tokio::time::sleep(MEASURED).await;
        self.measuring.store(false, Relaxed);
        let used = (processor_seconds(server.id()) - used) / began.elapsed().as_secs_f64();
        let memory =
            memory_bytes(server.id(), "VmRSS").unwrap().saturating_sub(self.before_bytes) / u64::try_from(self.lines.len()).unwrap();
        let mut all = std::mem::take(&mut *self.delays.lock().await);
        all.sort_unstable();
        // So many of ten thousand are quicker.
        let at =
            |quicker: usize| format!("{:.1} ms", Duration::from_micros(all[(all.len() - 1) * quicker / 10_000]).as_secs_f64() * 1000.0);
        let rate = all.len() as u64 / MEASURED.as_secs();
        println!("| events a second | delay, median | 99 of 100 | 9,999 of 10,000 | slowest | memory for each | processor |");
        println!("|--:|--:|--:|--:|--:|--:|--:|");
        let (median, p99, p9999, slowest) = (at(5_000), at(9_900), at(9_999), at(10_000));
        println!("| {rate} | {median} | {p99} | {p9999} | {slowest} | {} KiB | {:.0} % |\n", memory / 1024, used * 100.0);
    }
}
