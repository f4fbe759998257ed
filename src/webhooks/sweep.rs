//! What was told is forgotten after thirty days, and what waits for somebody to come back is taken up again.

use std::time::Instant;

use super::store;
use crate::app::App;
use crate::clock::DAY_MICROS;
use crate::error::Error;
use crate::jobs::batches::Batches;
use crate::jobs::queue::{self, Kind};
use crate::write_tx;

const KEPT_MICROS: i64 = 30 * DAY_MICROS;
/// Deliveries that one transaction removes at the most.
const MOST: i64 = 1_000;

/// Removes deliveries that are older, and sees to it that those that wait have a job.
pub async fn run(app: &App) -> Result<(), Error> {
    take_up(app).await?;
    let before = app.now() - KEPT_MICROS;
    let mut batches = Batches::up_to(MOST);
    loop {
        let (began, size) = (Instant::now(), batches.next(app)?);
        let removed = write_tx!(app.db, "sweep webhooks", |tx| { store::sweep(tx, before, size).await })?;
        if removed == 0 {
            return Ok(());
        }
        batches.learn(began);
    }
}

/// An endpoint whose person may not come in loses its job; there is one again when they may.
async fn take_up(app: &App) -> Result<(), Error> {
    let left = store::without_job(&mut *app.db.read().await?).await?;
    if left.is_empty() {
        return Ok(());
    }
    let now = app.now();
    write_tx!(app.db, "take webhooks up again", |tx| {
        for id in &left {
            queue::enqueue_once(tx, Kind::Deliver, id, now).await?;
        }
        Ok::<_, Error>(())
    })?;
    app.jobs.wake_deliveries();
    Ok(())
}
