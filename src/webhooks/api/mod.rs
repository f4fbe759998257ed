//! `/v1/webhook_endpoints`: endpoints for programs, with the names of OpenAI's webhooks API, so that its clients'
//! `client.webhooks` works here.

pub mod create;
pub mod delete;
pub mod deliveries;
pub mod list;
pub mod object;
pub mod retrieve;
pub mod rotate;
pub mod test;
pub mod update;

use crate::error::Error;
use crate::ids;

/// An endpoint's id in a path. What no id can be is no endpoint.
fn id(text: &str) -> Result<&str, Error> {
    if ids::is_id("whe", text) { Ok(text) } else { Err(Error::NotFound) }
}
