//! Opening a link's lock: the password is compared, the view is counted, and the visitor gets a proof that the gate takes
//! from then on. Of a link that can be opened only so often, nobody sees a byte before their view is in the database.

use axum_extra::extract::cookie::{Cookie, SameSite};

use super::link::OpenLink;
use super::lock::{Lock, PROOF_SECS};
use super::store;
use crate::accounts::passwords;
use crate::accounts::user::User;
use crate::app::App;
use crate::audit::{self, Via};
use crate::config::Config;
use crate::error::Error;
use crate::http::client::ClientAddress;
use crate::ids;
use crate::webhooks::announce::announce;
use crate::webhooks::event::{Event, EventType};
use crate::write_tx;

/// Opens the lock of `link` for a visitor; answers the cookie with their proof. The owner's own opening is no view.
///
/// # Errors
/// [`Error::Invalid`] for `password` when it is another; [`Error::RateLimited`] for too many attempts; [`Error::Gone`] if
/// its views were used up or the link was closed since the gate was asked.
pub async fn unlock(
    app: &App,
    link: &OpenLink,
    lock: &Lock,
    password: &str,
    visitor: Option<&User>,
    from: ClientAddress,
) -> Result<Cookie<'static>, Error> {
    if let Some(stored) = &lock.password_hash {
        app.limits.lock(&link.id, from.key())?;
        if !passwords::verify(&app.link_hashing, password, Some(stored)).await? {
            return Err(Error::invalid("password", "That is another password. Ask the person who gave you the link."));
        }
    }
    let is_owner = visitor.is_some_and(|visitor| visitor.id == link.owner_id);
    if lock.max_views.is_some() && !is_owner {
        count(app, link, lock).await?;
    }
    Ok(cookie(&app.config, &link.id, lock.proof(app.now())?))
}

/// Counts the view in the transaction that lets nobody else have it. The last one ends the link, which is told.
async fn count(app: &App, link: &OpenLink, lock: &Lock) -> Result<(), Error> {
    let now = app.now();
    write_tx!(app.db, "open a link's lock", |tx| {
        if store::take_view(tx, &link.id, lock.key(), now).await? {
            audit::record(tx, now, &link.owner_id, "shared_link.expired", &link.id, Via::Server).await?;
            // All of them may have been taken back in between.
            let ended = store::owned(tx, &link.owner_id, &link.id).await.map_err(Error::or_gone)?;
            announce(tx, &link.owner_id, &Event::of_link(EventType::Expired, &app.config, &ended, now), now).await?;
        }
        Ok(())
    })?;
    app.jobs.wake_deliveries();
    Ok(())
}

/// The cookie's name. It belongs to one path, so it can't be a `__Host-` one.
pub fn cookie_name(config: &Config) -> &'static str {
    if config.is_https() { "__Secure-takeback-opened" } else { "takeback-opened" }
}

/// It goes to this link's addresses alone, and is gone when the proof is.
fn cookie(config: &Config, link_id: &str, proof: String) -> Cookie<'static> {
    Cookie::build((cookie_name(config), proof))
        .path(format!("/share/{}", ids::token_of(link_id)))
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(config.is_https())
        .max_age(time::Duration::seconds(PROOF_SECS))
        .build()
}
