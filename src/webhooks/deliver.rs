//! Telling endpoints, many at the same time and each one thing after the other.
//!
//! An endpoint that has something to be told has one job. Who claims it, by lease, is the only one that tells this
//! endpoint anything; so two servers never do at once, and an endpoint that takes its time takes one place of many.
//! These jobs are claimed here and no others, so nothing waits for them but other endpoints, and those hardly.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tracing::warn;

use super::send::{self, Answer};
use super::{settle, store};
use crate::app::App;
use crate::error::Error;
use crate::jobs::queue::{self, Job, Lane};
use crate::providers::seal;
use crate::storage::Tx;
use crate::write_tx;

/// Endpoints told at the same time. One person has ten at the most.
const PLACES: usize = 64;
/// How often the queue is looked at when nobody wakes us.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// What one endpoint is told before another one's turn; with a whole timeout each it ends well within the lease.
const TURN: usize = 20;
/// How long an endpoint that failed is left alone, whatever else it is to be told.
const PAUSE_MICROS: i64 = 5 * 1_000_000;

/// Runs until the server stops.
pub async fn run(app: App) {
    let places = Arc::new(Semaphore::new(PLACES));
    while !app.shutdown.is_cancelled() {
        let Ok(place) = places.clone().acquire_owned().await else { return };
        match queue::claim(&app.db, Lane::Deliveries, app.now()).await {
            Ok(Some(job)) => {
                let teller = app.clone();
                app.tasks.spawn(async move {
                    if let Err(error) = tell(&teller, &job).await {
                        warn!(%error, "a webhook was not told; trying again when its lease ends");
                    }
                    drop(place);
                });
                continue;
            }
            Ok(None) => drop(place),
            Err(error) => {
                drop(place);
                warn!(%error, "the queue of webhooks can't be read; looking again soon");
            }
        }
        tokio::select! {
            () = app.shutdown.cancelled() => (),
            () = app.jobs.deliveries() => (),
            () = tokio::time::sleep(LOOK_EVERY) => (),
        }
    }
}

/// Tells the endpoint of a claimed job what is due, and leaves the job for what comes later.
///
/// # Errors
/// When the database can't be asked; the job is taken up again then.
pub async fn tell(app: &App, job: &Job) -> Result<(), Error> {
    let mut pause = 0;
    for _ in 0..TURN {
        let due = store::due(&mut *app.db.read().await?, &job.subject, app.now()).await?;
        let Some(due) = due.filter(|_| !app.shutdown.is_cancelled()) else { break };
        let secrets: Vec<_> = due.sealed.iter().filter_map(|sealed| seal::open(&app.config, &due.endpoint_id, sealed)).collect();
        let answer = if secrets.is_empty() {
            Answer::None("The signing secret can’t be opened any more. Rotate it.")
        } else {
            let timestamp = app.now().div_euclid(1_000_000);
            let sending = send::send(&app.hooks, &app.config, &due.url, &secrets, &due.id, timestamp, &due.body);
            // A server that stops waits for nobody's endpoint; the attempt is made again after the start.
            tokio::select! {
                answer = sending => answer?,
                () = app.shutdown.cancelled() => break,
            }
        };
        settle::settle(app, &due, answer).await?;
        if !answer.is_good() {
            pause = PAUSE_MICROS;
            break;
        }
    }
    let now = app.now();
    write_tx!(app.db, "leave a webhook's job", |tx| { leave(tx, job, now + pause).await })
}

/// Gives the job back for the next thing that is due, or removes it. Its row is held first: what is announced at the
/// same moment is either seen here, or enqueued after.
async fn leave(tx: &mut Tx, job: &Job, not_before: i64) -> Result<(), Error> {
    queue::hold(tx, job).await?;
    match store::next_at(tx, &job.subject).await? {
        Some(next) => queue::postpone_in(tx, job, next.max(not_before)).await,
        None => queue::finish_in(tx, job).await,
    }
}
