//! What happened, and who may read it.

mod api;
mod command;
mod erase;
mod events;
mod page;

use takeback::audit::store::{self, Event, Filter, Place, Whose};

use crate::support::TestApp;

impl TestApp {
    /// Everything that happened, the newest first.
    async fn happened(&self) -> Vec<Event> {
        let mut tx = self.db.read().await.unwrap();
        store::page(&mut tx, &Whose::Everybody, &Filter::default(), &Place::beginning(false), false, 10_000).await.unwrap()
    }

    /// The same as types and objects, sorted.
    async fn happenings(&self) -> Vec<(String, String)> {
        let mut all: Vec<_> = self.happened().await.into_iter().map(|event| (event.action, event.object_id)).collect();
        all.sort();
        all
    }
}
