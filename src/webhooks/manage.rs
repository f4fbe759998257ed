//! What a person does with their endpoints.

use super::endpoint::{Delivery, Endpoint, State};
use super::event::EventTypes;
use super::{address, secret, store};
use crate::accounts;
use crate::app::App;
use crate::audit::{self, Via};
use crate::clock::DAY_MICROS;
use crate::error::Error;
use crate::http::form;
use crate::ids;
use crate::jobs::queue::{self, Kind};
use crate::providers::seal;
use crate::providers::settings::Key;
use crate::write_tx;

/// The longest name, in characters.
pub const MAX_NAME_CHARS: usize = 60;
/// Endpoints that one person may have.
pub const MAX_ENDPOINTS: i64 = 10;

/// What is asked for; `None` leaves it.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// What its person calls it.
    pub name: Option<String>,
    /// Where it is.
    pub url: Option<String>,
    /// What it is told.
    pub event_types: Option<EventTypes>,
    /// Whether it is told anything.
    pub enabled: Option<bool>,
}

/// Makes an endpoint; answers it and its secret, which nobody can see again.
///
/// # Errors
/// [`Error::Invalid`] for what is missing or will not do; [`Error::NotFound`] if the account was closed.
pub async fn create(app: &App, user_id: &str, wish: &Wish, via: Via) -> Result<(Endpoint, Key), Error> {
    let (now, key, id) = (app.now(), secret::mint(), ids::new("whe"));
    let missing = |field: &'static str, words: &str| Error::invalid(field, words);
    let name = wish.name.as_deref().ok_or_else(|| missing("name", "Give it a name."))?;
    let url = wish.url.as_deref().ok_or_else(|| missing("url", "Say where it is."))?;
    let made = Endpoint {
        name: form::line("name", "The name", name, MAX_NAME_CHARS)?,
        url: address::check(url, &app.config)?.to_string(),
        event_types: wish.event_types.clone().ok_or_else(|| missing("event_types", "Choose at least one event."))?,
        state: if wish.enabled == Some(false) { State::Off } else { State::On },
        hint: secret::hint(&key),
        failing_since: 0,
        created_at: now,
        updated_at: now,
        id,
    };
    let sealed = seal::seal(&app.config, &made.id, &key)?;
    write_tx!(app.db, "make a webhook", |tx| {
        // Held until the commit: of two at once the second sees the first, and an account that is being deleted gets
        // none.
        accounts::store::lock_share_epoch(tx, user_id).await?;
        if store::count(tx, user_id).await? >= MAX_ENDPOINTS {
            return Err(Error::invalid(
                "url",
                format!("There are {MAX_ENDPOINTS} webhooks already. Delete one that is not used any more."),
            ));
        }
        store::insert(tx, user_id, &made, &sealed).await?;
        audit::record(tx, now, user_id, "webhook_endpoint.created", &made.id, via).await
    })?;
    Ok((made, key))
}

/// Changes an endpoint: all of what is asked for, or nothing. One that is switched on again begins anew: what happened
/// while it was off is not told.
///
/// # Errors
/// [`Error::NotFound`] unless the person has it; otherwise as [`create`].
pub async fn change(app: &App, user_id: &str, id: &str, wish: &Wish, via: Via) -> Result<Endpoint, Error> {
    let now = app.now();
    let name = wish.name.as_deref().map(|name| form::line("name", "The name", name, MAX_NAME_CHARS)).transpose()?;
    let url = wish.url.as_deref().map(|url| address::check(url, &app.config).map(|url| url.to_string())).transpose()?;
    write_tx!(app.db, "change a webhook", |tx| {
        let mut endpoint = store::lock_owned(tx, user_id, id).await?;
        if name.is_none() && url.is_none() && wish.event_types.is_none() && wish.enabled.is_none() {
            return Ok(endpoint);
        }
        endpoint.name = name.clone().unwrap_or(endpoint.name);
        endpoint.url = url.clone().unwrap_or(endpoint.url);
        endpoint.event_types = wish.event_types.clone().unwrap_or(endpoint.event_types);
        match wish.enabled {
            Some(true) if endpoint.state != State::On => {
                endpoint.state = State::On;
                endpoint.failing_since = 0;
            }
            Some(false) if endpoint.state == State::On => {
                endpoint.state = State::Off;
                store::give_up(tx, id, "The webhook was switched off.").await?;
            }
            _ => (),
        }
        endpoint.updated_at = now;
        store::set(tx, user_id, &endpoint).await?;
        audit::record(tx, now, user_id, "webhook_endpoint.updated", id, via).await?;
        Ok(endpoint)
    })
}

/// Gives an endpoint a new secret, and answers it. With `keep_old` requests are signed with both for a day.
///
/// # Errors
/// [`Error::NotFound`] unless the person has it.
pub async fn rotate(app: &App, user_id: &str, id: &str, keep_old: bool, via: Via) -> Result<(Endpoint, Key), Error> {
    let (now, key) = (app.now(), secret::mint());
    let sealed = seal::seal(&app.config, id, &key)?;
    let endpoint = write_tx!(app.db, "rotate a webhook's secret", |tx| {
        let mut endpoint = store::lock_owned(tx, user_id, id).await?;
        endpoint.hint = secret::hint(&key);
        endpoint.updated_at = now;
        store::set_secret(tx, user_id, &endpoint, &sealed, if keep_old { now + DAY_MICROS } else { 0 }).await?;
        audit::record(tx, now, user_id, "webhook_endpoint.secret_rotated", id, via).await?;
        Ok(endpoint)
    })?;
    Ok((endpoint, key))
}

/// Removes an endpoint and all that is known of what it was told.
///
/// # Errors
/// [`Error::NotFound`] unless the person has it.
pub async fn delete(app: &App, user_id: &str, id: &str, via: Via) -> Result<(), Error> {
    let now = app.now();
    write_tx!(app.db, "delete a webhook", |tx| {
        store::delete(tx, user_id, id).await?;
        audit::record(tx, now, user_id, "webhook_endpoint.deleted", id, via).await
    })
}

/// Tells an endpoint something once more, from the first attempt on; answers how it stands then.
///
/// # Errors
/// [`Error::NotFound`] unless the person has both; [`Error::Invalid`] for an endpoint that is off.
pub async fn send_again(app: &App, user_id: &str, id: &str, delivery_id: &str) -> Result<Delivery, Error> {
    let now = app.now();
    let again = write_tx!(app.db, "tell a webhook again", |tx| {
        let endpoint = store::lock_owned(tx, user_id, id).await?;
        store::delivery(tx, &endpoint, delivery_id).await?;
        if endpoint.state != State::On {
            return Err(Error::invalid("enabled", "The webhook is switched off. Switch it on first."));
        }
        store::restart(tx, &endpoint, delivery_id, now).await?;
        queue::enqueue_once(tx, Kind::Deliver, id, now).await?;
        store::delivery(tx, &endpoint, delivery_id).await
    });
    app.jobs.wake_deliveries();
    again
}
