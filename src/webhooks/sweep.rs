//! What was told is forgotten after thirty days.

use std::time::Instant;

use super::store;
use crate::app::App;
use crate::error::Error;
use crate::jobs::batches::Batches;
use crate::write_tx;

const KEPT_MICROS: i64 = 30 * 86_400 * 1_000_000;
/// Deliveries that one transaction removes at the most.
const MOST: i64 = 1_000;

/// Removes deliveries that are older.
pub async fn run(app: &App) -> Result<(), Error> {
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
