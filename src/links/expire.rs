//! Writing down that links ended by themselves. They ended before, at their time, when the gate began to say no: this
//! only records it, once for each, on whichever server looks first.

use super::store;
use crate::app::App;
use crate::audit::{self, Via};
use crate::error::Error;
use crate::webhooks::announce::announce;
use crate::webhooks::event::{Event, EventType};
use crate::write_tx;

/// Links that one transaction writes down.
const BATCH: i64 = 100;

/// Writes down the links whose time has come; answers how many.
pub async fn write_down(app: &App) -> Result<usize, Error> {
    let now = app.now();
    let mut all = 0;
    // Looked up before a transaction is begun, so that looking costs no write.
    while !app.shutdown.is_cancelled() && store::any_expired(&mut *app.db.read().await?, now).await? {
        let ended = write_tx!(app.db, "write down expired links", |tx| {
            let ended = store::mark_expired(tx, now, BATCH).await?;
            for (link_id, owner_id) in &ended {
                audit::record(tx, now, owner_id, "shared_link.expired", link_id, Via::Server).await?;
                let link = store::owned(tx, owner_id, link_id).await?;
                let at = link.expires_at.unwrap_or(now);
                announce(tx, owner_id, &Event::of_link(EventType::Expired, &app.config, &link, at), now).await?;
            }
            Ok(ended.len())
        })?;
        app.jobs.wake_deliveries();
        all += ended;
        if ended == 0 {
            break;
        }
    }
    Ok(all)
}
