//! Assistants that were given out: who talks to them without an account, and what that may cost.

mod embed;
mod gone;
mod keep;
mod members;
mod pause;
mod purse;
mod revoke;
mod secrets;
mod share;
mod sweep;
mod talk;

use takeback::links::link::Link;
use takeback::providers::settings::Kind;

use crate::support::{Actor, Client, Script, TestApp, Upstream};

/// What the model is called.
const MODEL: &str = "juniperforge";

/// A server with one provider, one person, that person's assistant, and an anonymous link to it.
struct Scene {
    upstream: Upstream,
    app: TestApp,
    owner: Actor,
    assistant: String,
    link: Link,
}

impl Scene {
    async fn new() -> Self {
        let upstream = Upstream::start().await;
        upstream.set_models(&[MODEL]);
        // Titles are another test's matter.
        for _ in 0..20 {
            upstream.answer_when("You name conversations", Script::refuses(500, "no"));
        }
        let app = TestApp::start_with(|config| {
            config.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
            upstream.connect(config, Kind::OpenAi);
        })
        .await;
        let owner = app.owner().await;
        let assistant = app.assistant(&owner).await;
        let link = app.give_out(&owner, &assistant).await;
        Self { upstream, app, owner, assistant, link }
    }

    fn at(&self, rest: &str) -> String {
        format!("{}{rest}", self.link.path())
    }

    /// A guest says something and has the answer; answers the conversation's id.
    async fn ask(&self, guest: &Client, text: &str, script: Script) -> String {
        self.upstream.answer_next(script);
        self.app.visit(guest, &self.link, text).await
    }

    /// A guest's answer that is being written and stands still; answers the conversation's id.
    async fn asking(&self, guest: &Client) -> String {
        self.upstream.answer_next(Script::says("Two minutes, and not a second longer.").hold_before(2));
        let reply = guest.say(&self.at("/messages"), "How long?", "", &[]).await;
        assert_eq!(reply.status, 303, "{}", reply.body);
        self.upstream.held(1).await;
        self.app.chats_of(&self.link).await.pop().unwrap()
    }
}
