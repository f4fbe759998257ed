//! Assistants that were given out, and who talks to them without an account.

use takeback::audit::Via;
use takeback::guests::caps::{self, Caps};
use takeback::links::expiry::Expiry;
use takeback::links::give_out::{Terms, give_out};
use takeback::links::link::{Author, Link};
use takeback::write_tx;

use super::actors::Actor;
use super::app::TestApp;
use super::client::Client;

impl TestApp {
    /// An anonymous link to an assistant.
    pub(crate) async fn give_out(&self, owner: &Actor, assistant_id: &str) -> Link {
        let terms = Terms { author: Author::Anonymous, expiry: Expiry::Keep };
        give_out(self, &owner.user, assistant_id, terms, None, Via::Web).await.unwrap()
    }

    /// Other caps for a link.
    pub(crate) async fn cap(&self, link: &Link, caps: Caps) {
        write_tx!(self.db, "test: caps", |tx| { caps::set(tx, &link.id, &caps).await }).unwrap();
    }

    /// What began at a link, the oldest first.
    pub(crate) async fn chats_of(&self, link: &Link) -> Vec<String> {
        let query = "SELECT s.conversation_id FROM conversation_assistants s JOIN conversations c ON c.id = s.conversation_id \
                     WHERE s.link_id = $1 AND c.owner_id IS NOT NULL ORDER BY c.created_at, c.id";
        sqlx::query_scalar(query).bind(&link.id).fetch_all(self.db.reader()).await.unwrap()
    }

    /// At this browser somebody said something as a guest, before anybody signed in there.
    pub(crate) async fn was_guest(&self, browser: &Client, link: &Link) {
        let guest = self.anonymous();
        let reply = guest.say(&format!("{}/messages", link.path()), "Hello", "", &[]).await;
        let secret = reply.header("set-cookie").split(['=', ';']).nth(1).unwrap().to_owned();
        // On the page, and in a frame of it.
        for framed in [false, true] {
            browser.set_cookie(takeback::guests::cookie::name(&self.config, framed), &secret);
        }
        for chat in self.chats_of(link).await {
            self.answered(&chat).await;
        }
    }

    /// A guest says something at a link; is back when it is answered. Answers the conversation's id.
    pub(crate) async fn visit(&self, guest: &Client, link: &Link, text: &str) -> String {
        let before = self.chats_of(link).await;
        let reply = guest.say(&format!("{}/messages", link.path()), text, "", &[]).await;
        assert_eq!(reply.status, 303, "{}", reply.body);
        let after = self.chats_of(link).await;
        // A first message begins a chat; another goes where the one before went.
        let chat = after.iter().find(|id| !before.contains(id)).or(after.last()).unwrap().clone();
        self.answered(&chat).await;
        chat
    }
}
