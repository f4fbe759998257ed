//! One request to one endpoint.

use std::error::Error as StdError;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::Url;

use super::{address, secret};
use crate::config::Config;
use crate::error::Error;
use crate::providers::client;
use crate::providers::resolver::{Checked, Lookup, System, Unresolved};
use crate::providers::settings::Key;

/// How long an endpoint may take to answer.
const PATIENCE: Duration = Duration::from_secs(15);

/// The clients, made when they are first needed: with TLS and without.
#[derive(Clone)]
pub struct Clients {
    lookup: Arc<dyn Lookup>,
    tls: Arc<OnceLock<reqwest::Client>>,
    plain: Arc<OnceLock<reqwest::Client>>,
}

impl Default for Clients {
    fn default() -> Self {
        Self::new(Arc::new(System))
    }
}

impl Clients {
    /// Names are looked up by `lookup`.
    pub fn new(lookup: Arc<dyn Lookup>) -> Self {
        Self { lookup, tls: Arc::default(), plain: Arc::default() }
    }

    /// A client that hands only addresses to a socket that are allowed, follows no redirect and asks no proxy.
    fn of(&self, url: &Url, config: &Config) -> reqwest::Result<reqwest::Client> {
        let kept = if url.scheme() == "https" { &self.tls } else { &self.plain };
        if let Some(client) = kept.get() {
            return Ok(client.clone());
        }
        let client = client::build(url, Checked { lookup: self.lookup.clone(), reach: address::reach(config) })?;
        Ok(kept.get_or_init(|| client).clone())
    }
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The endpoint answered with this status. What it said besides is not read.
    Status(u16),
    /// It didn't; why, in our words.
    None(&'static str),
}

impl Answer {
    /// Whether the endpoint took it.
    pub fn is_good(self) -> bool {
        matches!(self, Self::Status(200..=299))
    }

    /// The status; 0: none.
    pub fn status(self) -> i64 {
        match self {
            Self::Status(status) => i64::from(status),
            Self::None(_) => 0,
        }
    }

    /// What is said about it besides the status.
    pub fn words(self) -> &'static str {
        match self {
            Self::Status(300..=399) => "It answered with a redirect, and those are not followed. Change the address.",
            Self::Status(410) => "It answered 410 Gone, so the webhook was switched off.",
            Self::Status(_) => "",
            Self::None(words) => words,
        }
    }
}

/// Sends `body` to `url`, signed with each of the secrets.
///
/// # Errors
/// [`Error::Internal`] for a secret that none of ours can be.
pub async fn send(
    clients: &Clients,
    config: &Config,
    url: &str,
    secrets: &[Key],
    id: &str,
    timestamp: i64,
    body: &str,
) -> Result<Answer, Error> {
    // At each attempt: what is written as numbers never comes to the resolver, and the configuration may have changed.
    let Ok(url) = address::check(url, config) else {
        return Ok(Answer::None("The address is one that this server may not connect to."));
    };
    let Ok(client) = clients.of(&url, config) else {
        return Ok(Answer::None("This server has no certificates to trust, so it can’t use https."));
    };
    let request = client
        .post(url)
        .timeout(PATIENCE)
        .header("content-type", "application/json")
        .header("webhook-id", id)
        .header("webhook-timestamp", timestamp.to_string())
        .header("webhook-signature", secret::signatures(secrets, id, timestamp, body)?)
        .body(body.to_owned());
    // The answer's body is never read: it ends with the connection.
    Ok(match request.send().await {
        Ok(response) => Answer::Status(response.status().as_u16()),
        Err(error) => Answer::None(failure(&error)),
    })
}

fn failure(error: &reqwest::Error) -> &'static str {
    let mut next: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(error) = next {
        match error.downcast_ref::<Unresolved>() {
            Some(Unresolved::Refused(_)) => return "The address is one that this server may not connect to.",
            Some(Unresolved::NotFound) => return "There is no server of this name.",
            None => next = error.source(),
        }
    }
    if error.is_timeout() {
        "It did not answer within 15 seconds."
    } else if error.is_connect() {
        "Nothing answers at this address, or its certificate is not valid."
    } else {
        "The connection broke before it answered."
    }
}
