//! What happened, as ids and times: never content.
//!
//! - [`record`]: writes an event inside the transaction of the act itself; [`place`]: from which network
//! - [`types`]: which events there are, and their words for people
//! - [`store`], [`pages`], [`api`], [`cli`], [`export`]: reading them
//! - [`sweep`]: they go after a while, and with their person's account (`jobs::purge_user`)
//!
//! What holds: a person reads what they did and what was done to their account; an administrator reads everything.
//! Nobody changes an event.

pub mod api;
pub mod cli;
pub mod export;
pub mod pages;
pub mod place;
pub mod store;
pub mod sweep;
pub mod types;

use crate::error::Error;
use crate::ids;
use crate::storage::Tx;

/// From which kind of client an act came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// The pages.
    Web,
    /// A program with an API key.
    Api,
    /// The command line on the database itself.
    Cli,
    /// The server of its own accord.
    Server,
}

impl Via {
    fn as_str(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Api => "api",
            Self::Cli => "cli",
            Self::Server => "server",
        }
    }
}

/// Writes one event: who did what to which object, and from which network.
pub async fn record(tx: &mut Tx, now: i64, user_id: &str, action: &'static str, object_id: &str, via: Via) -> Result<(), Error> {
    sqlx::query("INSERT INTO audit_events (id, at, user_id, action, object_id, client, address) VALUES ($1, $2, $3, $4, $5, $6, $7)")
        .bind(ids::new("evt"))
        .bind(now)
        .bind(user_id)
        .bind(action)
        .bind(object_id)
        .bind(via.as_str())
        .bind(place::here())
        .execute(tx)
        .await?;
    Ok(())
}
