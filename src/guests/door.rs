//! By which door somebody comes to a link: its page, or a frame on another site. In a frame nobody is a member: the
//! site's session is not looked at there, and a guest has a cookie that belongs to that frame on that site.

use std::sync::Arc;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use axum_extra::extract::CookieJar;

use super::cookie::Secret;
use super::frames;
use super::seat::Seat;
use crate::app::App;
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::http::client::ClientAddress;
use crate::ids;
use crate::links::link::{OpenLink, TargetType};
use crate::links::open::open;

/// Where somebody stands.
#[derive(Clone, Debug)]
pub struct Door {
    /// In a frame.
    pub framed: bool,
    /// What they are known by there.
    pub secret: Secret,
    /// They are signed in.
    pub member: Option<CurrentUser>,
    /// From where they come.
    pub from: ClientAddress,
}

impl FromRequestParts<App> for Door {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let framed = parts.uri.path().starts_with("/embed/");
        let secret = Secret::of(&CookieJar::from_headers(&parts.headers), &app.config, framed);
        let Ok(from) = ClientAddress::from_request_parts(parts, app).await;
        let member = if framed { None } else { <CurrentUser as OptionalFromRequestParts<App>>::from_request_parts(parts, app).await? };
        Ok(Self { framed, secret, member, from })
    }
}

impl Door {
    /// The open link of this address; in a frame one that may stand in one.
    ///
    /// # Errors
    /// As [`open`].
    pub async fn enter(&self, app: &App, token: &str) -> Result<Arc<OpenLink>, Error> {
        let link = open(app, TargetType::Assistant, token, self.from, None).await?;
        if self.framed && frames::of(&mut *app.db.read().await?, &link.id).await?.is_empty() {
            app.limits.miss(self.from.key())?;
            return Err(Error::Gone);
        }
        Ok(link)
    }

    /// Where the chat of this link is.
    pub fn base(&self, link: &OpenLink) -> String {
        let token = ids::token_of(&link.id);
        if self.framed { format!("/embed/g/{token}") } else { format!("/g/{token}") }
    }

    /// The seat of whoever stands here; who has no cookie is new.
    ///
    /// # Errors
    /// As [`Seat::of_guest`].
    pub async fn seat(&self, app: &App, link: &OpenLink) -> Result<Seat, Error> {
        // One that nobody has stands for the one that the first message makes.
        let secret = self.secret.0.clone().unwrap_or_else(ids::new_secret);
        self.seat_of(app, link, &secret).await
    }

    /// The seat of whoever has, or is about to get, this secret.
    ///
    /// # Errors
    /// As [`Seat::of_guest`].
    pub async fn seat_of(&self, app: &App, link: &OpenLink, secret: &str) -> Result<Seat, Error> {
        Seat::of_guest(app, link, secret, self.from, self.base(link)).await
    }
}
