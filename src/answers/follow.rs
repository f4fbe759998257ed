//! An answer that another server writes, for the windows that are open on this one: what is written down of it is read
//! a few times a second, while there is such a window.

use std::sync::{Arc, Weak};
use std::time::Duration;

use tracing::debug;

use super::live::{Channel, Live};
use super::store::{self, Answer};
use crate::app::App;
use crate::error::Error;

/// How often.
const EVERY: Duration = Duration::from_millis(300);

/// Begins to follow `message_id`, an answer that is being written and not here.
pub(super) fn follow(app: &App, channel: &Arc<Channel>, message_id: &str, parent_id: &str) -> Arc<Live> {
    let live = Arc::new(Live::new(message_id, parent_id));
    channel.begin(&live);
    channel.tell();
    app.tasks.spawn(run(app.clone(), Arc::downgrade(channel), Arc::clone(&live)));
    live
}

async fn run(app: App, channel: Weak<Channel>, live: Arc<Live>) {
    let mut read = 0;
    loop {
        // Only its windows hold the channel.
        let Some(open) = channel.upgrade() else { return };
        match look(&app, &open, &live, &mut read).await {
            Ok(true) => (),
            Ok(false) => return open.end(&live),
            Err(error) => debug!(%error, "an answer of another server was not read; trying again"),
        }
        drop(open);
        tokio::select! {
            () = tokio::time::sleep(EVERY) => (),
            () = app.shutdown.cancelled() => return,
        }
    }
}

/// Shows what was written down since; answers whether it goes on.
async fn look(app: &App, channel: &Channel, live: &Live, read: &mut i64) -> Result<bool, Error> {
    let mut tx = app.db.read().await?;
    // Asked before: when it ends between the two questions, the window gets the whole of it.
    let known = store::of(&mut tx, &[&live.message_id]).await?;
    let pieces = store::pieces(&mut tx, &live.message_id, *read).await?;
    drop(tx);
    for piece in &pieces {
        if piece.kind == "reasoning" {
            live.add(&piece.words, "");
        } else {
            live.add("", &piece.words);
        }
        *read = piece.number + 1;
    }
    if !pieces.is_empty() {
        channel.tell();
    }
    Ok(known.get(&live.message_id).is_some_and(Answer::is_running))
}
