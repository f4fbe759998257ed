//! Events go after so many days.

use std::time::Instant;

use crate::app::App;
use crate::clock::DAY_MICROS;
use crate::error::Error;
use crate::jobs::batches::Batches;
use crate::write_tx;

/// Events that one transaction removes at the most.
const MOST: i64 = 2_000;

/// Removes those that are older than the configuration says; answers how many.
pub async fn run(app: &App) -> Result<u64, Error> {
    let Some(days) = app.config.audit_days else { return Ok(0) };
    let before = app.now() - i64::from(days) * DAY_MICROS;
    let mut batches = Batches::up_to(MOST);
    let mut all = 0;
    loop {
        let (began, size) = (Instant::now(), batches.next(app)?);
        let removed = write_tx!(app.db, "sweep events", |tx| {
            let query = "DELETE FROM audit_events WHERE id IN (SELECT id FROM audit_events WHERE at < $1 ORDER BY at, id LIMIT $2)";
            Ok(sqlx::query(query).bind(before).bind(size).execute(tx).await?.rows_affected())
        })?;
        if removed == 0 {
            return Ok(all);
        }
        all += removed;
        batches.learn(began);
    }
}
