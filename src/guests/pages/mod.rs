//! `/g/{token}`: an assistant that was given out, each file named after what a visitor does. Each asks the gate first.

pub mod clear;
pub mod events;
pub mod keep;
pub mod picture;
pub mod say;
pub mod show;
pub mod stop;

use std::sync::Arc;

use super::cookie::Secret;
use super::seat::Seat;
use crate::app::App;
use crate::error::Error;
use crate::http::client::ClientAddress;
use crate::ids;
use crate::links::link::{OpenLink, TargetType};
use crate::links::open::open;

/// Where the chat of this link is.
fn base(token: &str) -> String {
    format!("/g/{token}")
}

/// The open link of this address.
async fn enter(app: &App, token: &str, from: ClientAddress) -> Result<Arc<OpenLink>, Error> {
    open(app, TargetType::Assistant, token, from).await
}

/// The seat of whoever has this cookie, at a link that is open; who has none is new.
async fn seat(app: &App, link: &OpenLink, secret: &Secret, from: ClientAddress) -> Result<Seat, Error> {
    // One that nobody has stands for the one that the first message makes.
    let secret = secret.0.clone().unwrap_or_else(ids::new_secret);
    Seat::of_guest(app, link, &secret, from, base(ids::token_of(&link.id))).await
}
