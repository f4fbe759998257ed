//! Testing an endpoint: a sample is sent to it at once, and what it answers is said. Nothing of it is written down.

use super::event::{Event, EventType};
use super::send::{self, Answer};
use super::store;
use crate::app::App;
use crate::error::Error;
use crate::ids;
use crate::providers::seal;

/// Sends a sample to one of the person's endpoints, switched on or not.
///
/// # Errors
/// [`Error::NotFound`] unless the person has it; [`Error::RateLimited`] for one who tests too often.
pub async fn send_sample(app: &App, user_id: &str, id: &str, kind: EventType) -> Result<Answer, Error> {
    let now = app.now();
    let mut tx = app.db.read().await?;
    let endpoint = store::owned(&mut tx, user_id, id).await?;
    let sealed = store::sealed(&mut tx, user_id, id, now).await?;
    drop(tx);
    app.limits.webhook_test(user_id)?;
    let secrets: Vec<_> = sealed.iter().filter_map(|sealed| seal::open(&app.config, id, sealed)).collect();
    if secrets.is_empty() {
        return Ok(Answer::None("The signing secret can’t be opened any more. Rotate it."));
    }
    let body = Event::sample(kind, &app.config, now).body(None)?;
    send::send(&app.hooks, &app.config, &endpoint.url, &secrets, &ids::new("whtest"), now.div_euclid(1_000_000), &body).await
}
