//! Does what the queue holds: at once when it is woken, and otherwise looks now and then, for jobs that another node
//! or the command line left.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tracing::{debug, warn};

use super::queue::{self, Job, Kind, Lane};
use super::{purge_conversation, purge_links, purge_user, sweep};
use crate::app::App;
use crate::error::Error;
use crate::guests;
use crate::links::expire;
use crate::search;

/// How often the queue is looked at when nobody wakes us.
const LOOK_EVERY: Duration = Duration::from_secs(15);
/// How often old sessions and one-time links are swept.
const SWEEP_EVERY: Duration = Duration::from_hours(1);
/// The wait after a job's first failure; it doubles with each, up to an hour, and the job is never given up.
const FIRST_WAIT_MICROS: i64 = 5 * 1_000_000;
const LONGEST_WAIT_MICROS: i64 = 3_600 * 1_000_000;

/// Says that there is something in the queue. Call it after the commit that put it there.
#[derive(Clone, Debug, Default)]
pub struct Waker {
    work: Arc<Notify>,
    deliveries: Arc<Notify>,
}

impl Waker {
    /// Wakes the runner of this node; others find the job when they look.
    pub fn wake(&self) {
        self.work.notify_one();
        self.deliveries.notify_one();
    }

    /// Wakes only who tells webhooks.
    pub fn wake_deliveries(&self) {
        self.deliveries.notify_one();
    }

    /// Waits until who tells webhooks is woken.
    pub async fn deliveries(&self) {
        self.deliveries.notified().await;
    }
}

/// Runs until the server stops. A job that is under way then stops between two batches, and is taken up at the next
/// start.
pub async fn run(app: App) {
    let mut sweeps = tokio::time::interval(SWEEP_EVERY);
    while !app.shutdown.is_cancelled() {
        if let Err(error) = expire::write_down(&app).await {
            warn!(%error, "expired links were not written down; looking again soon");
        }
        if let Err(error) = run_due(&app).await {
            warn!(%error, "the queue of jobs can't be read; looking again soon");
        }
        tokio::select! {
            () = app.shutdown.cancelled() => (),
            () = app.jobs.work.notified() => (),
            () = tokio::time::sleep(LOOK_EVERY) => (),
            _ = sweeps.tick() => {
                if let Err(error) = sweep::run(&app).await {
                    warn!(%error, "old sessions were not swept; trying again later");
                }
            }
        }
    }
}

/// Runs every job that is due, one after the other; answers how many were done.
///
/// # Errors
/// When the queue itself can't be asked; a job's own failure is written down with the job.
pub async fn run_due(app: &App) -> Result<u64, Error> {
    let mut done = 0;
    while !app.shutdown.is_cancelled()
        && let Some(job) = queue::claim(&app.db, Lane::Work, app.now()).await?
    {
        match run_one(app, &job).await {
            Ok(()) => {
                queue::finish(&app.db, &job).await?;
                debug!(kind = job.kind.as_str(), "a job is done");
                done += 1;
            }
            Err(_) if app.shutdown.is_cancelled() => queue::postpone(&app.db, &job, app.now()).await?,
            Err(error) => {
                let wait = wait_micros(job.attempts);
                warn!(kind = job.kind.as_str(), attempts = job.attempts, again_in_secs = wait / 1_000_000, %error, "a job failed");
                queue::postpone(&app.db, &job, app.now() + wait).await?;
            }
        }
    }
    Ok(done)
}

async fn run_one(app: &App, job: &Job) -> Result<(), Error> {
    match job.kind {
        Kind::PurgeLinks => purge_links::run(app, &job.subject).await,
        Kind::PurgeConversation => purge_conversation::run(app, &job.subject).await,
        Kind::PurgeUser => purge_user::run(app, &job.subject).await,
        Kind::Index => search::index::run(app, &job.subject).await,
        Kind::PurgeGuests => guests::sweep::run(app).await,
        Kind::Deliver => Err(Error::Internal("a delivery came into the other lane".to_owned())),
    }
}

fn wait_micros(attempts: i64) -> i64 {
    let doublings = u32::try_from(attempts.clamp(1, 12) - 1).unwrap_or_default();
    (FIRST_WAIT_MICROS << doublings).min(LONGEST_WAIT_MICROS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_that_fails_is_tried_less_and_less_often_but_never_given_up() {
        let waits = [1, 2, 3, 10, 11, 1_000_000].map(|attempts| wait_micros(attempts) / 1_000_000);
        assert_eq!(waits, [5, 10, 20, 2_560, 3_600, 3_600]);
    }
}
