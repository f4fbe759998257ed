//! Removes the rows of links that their owner ended all at once. They are dead already: none carries the owner's epoch.

use std::time::Instant;

use super::batches::Batches;
use crate::app::App;
use crate::error::Error;
use crate::links;
use crate::write_tx;

/// Links that one transaction removes at the most; their snapshots and files go with them.
const MOST: i64 = 500;

/// Removes them all.
pub async fn run(app: &App, owner_id: &str) -> Result<(), Error> {
    let mut batches = Batches::up_to(MOST);
    loop {
        let (began, size) = (Instant::now(), batches.next(app)?);
        let removed = write_tx!(app.db, "purge links", |tx| { links::store::purge(tx, owner_id, size).await })?;
        if removed == 0 {
            return Ok(());
        }
        batches.learn(began);
    }
}
