//! Writing down what is to be told, in the transaction of what happened.

use super::event::Event;
use super::store;
use crate::accounts;
use crate::error::Error;
use crate::ids;
use crate::jobs::queue::{self, Kind};
use crate::storage::Tx;

/// Leaves `event` for every endpoint of its person that is told of such. Call [`wake_deliveries`] after the commit.
///
/// [`wake_deliveries`]: crate::jobs::runner::Waker::wake_deliveries
pub async fn announce(tx: &mut Tx, owner_id: &str, event: &Event, now: i64) -> Result<(), Error> {
    announce_all(tx, owner_id, std::slice::from_ref(event), now).await
}

/// The same for several events.
pub async fn announce_all(tx: &mut Tx, owner_id: &str, events: &[Event], now: i64) -> Result<(), Error> {
    if events.is_empty() {
        return Ok(());
    }
    let listening = store::listening(tx, owner_id).await?;
    if listening.is_empty() {
        return Ok(());
    }
    // The command line doesn't know where its server is found.
    let known = accounts::store::setting(tx, accounts::store::BASE_URL).await?;
    for (endpoint_id, types) in listening {
        let mut told = false;
        for event in events.iter().filter(|event| types.has(event.kind)) {
            store::insert_delivery(tx, &ids::new("whd"), &endpoint_id, event.kind.as_str(), &event.body(known.as_deref())?, now).await?;
            told = true;
        }
        if told {
            queue::enqueue_once(tx, Kind::Deliver, &endpoint_id, now).await?;
        }
    }
    Ok(())
}
