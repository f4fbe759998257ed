//! What tests stand on: a running server ([`TestApp`]), the people who use it ([`Actor`]), and their browsers
//! ([`Client`]).

mod actors;
mod api;
mod app;
mod assistants;
mod browser;
mod chat;
mod chromium;
mod client;
mod content;
mod corpora;
mod database;
mod events;
mod guests;
mod names;
mod node;
mod observe;
mod outside;
mod program;
mod random;
mod receiver;
mod rows;
mod upstream;
mod wire;

pub(crate) use actors::*;
pub(crate) use api::*;
pub(crate) use app::*;
pub(crate) use assistants::*;
pub(crate) use browser::*;
pub(crate) use chromium::missing;
pub(crate) use client::*;
pub(crate) use content::*;
pub(crate) use corpora::*;
pub(crate) use database::*;
pub(crate) use events::*;
pub(crate) use names::*;
pub(crate) use node::*;
pub(crate) use outside::*;
pub(crate) use program::*;
pub(crate) use random::*;
pub(crate) use receiver::*;
pub(crate) use upstream::*;
pub(crate) use wire::*;
