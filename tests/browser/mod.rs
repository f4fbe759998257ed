//! What only a browser shows, in real Chromium: the promises as a person sees them.

mod activity;
mod assistants;
mod carry_on;
mod chat;
mod first_run;
mod guests;
mod hostile;
mod import;
mod looks;
mod scripts_off;
mod search;
mod share;
mod shared_page;
mod take_back;
mod webhooks;
