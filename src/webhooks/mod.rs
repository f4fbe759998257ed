//! Webhooks: telling a person's own programs what happened to their links.
//!
//! The form is that of Standard Webhooks, the API's that of OpenAI's webhook endpoints. What holds, always:
//!
//! 1. An event is written down in the transaction of the change ([`announce`]): it is told exactly if that happened.
//! 2. It says ids, times and numbers, never a word of a conversation, a title or a name ([`event`]).
//! 3. One endpoint has one job, so one server at a time tells it one thing after the other ([`deliver`]); a slow one
//!    keeps nobody else waiting.
//! 4. The address is checked at the socket, at each attempt; redirects are not followed ([`send`]).
//! 5. The secret is shown once and lies sealed ([`secret`]).

pub mod address;
pub mod announce;
pub mod api;
pub mod deliver;
pub mod endpoint;
pub mod event;
pub mod manage;
pub mod pages;
pub mod secret;
pub mod send;
pub mod settle;
pub mod store;
pub mod sweep;
pub mod trial;
