//! The one integration binary. A folder here mirrors the folder of the same name in `src`, a file the action of the
//! same name. Every test starts the real server on a database of its own; `bin/test` runs them on both databases.
#![cfg(test)]

mod accounts;
mod answers;
mod api;
mod api_keys;
mod assistants;
mod audit;
mod browser;
mod clients;
mod completions;
mod conversations;
mod guests;
mod house;
mod http;
mod jobs;
mod links;
mod providers;
mod rights;
mod search;
mod storage;
mod support;
mod transfer;
mod webhooks;
