//! Assistants: what is made in the editor, who may talk to it, and what stays with its editors.

mod api;
mod chat;
mod delete;
mod editor;
mod editors;
mod library;
mod pdfs;
mod preview;
mod secrets;
mod versions;

use takeback::providers::settings::Kind;

use crate::support::{Actor, Script, TestApp, Upstream};

/// A server with one provider, one person, and that person's assistant.
struct Scene {
    upstream: Upstream,
    app: TestApp,
    owner: Actor,
    id: String,
}

impl Scene {
    async fn new() -> Self {
        let upstream = Upstream::start().await;
        upstream.set_models(&["brewer-9"]);
        // Titles are another test's matter.
        for _ in 0..20 {
            upstream.answer_when("You name conversations", Script::refuses(500, "no"));
        }
        let app = TestApp::start_with(|config| upstream.connect(config, Kind::OpenAi)).await;
        let owner = app.owner().await;
        let id = app.assistant(&owner).await;
        Self { upstream, app, owner, id }
    }

    fn path(&self, rest: &str) -> String {
        format!("/assistants/{}{rest}", self.id)
    }

    /// Lists it for members.
    async fn list(&self) {
        let reply = self.owner.post_form(&self.path("/visibility"), &[("listed", "true")]).await;
        assert_eq!(reply.status, 303, "{}", reply.body);
    }

    /// This person begins a chat with it; answers the conversation's id once it is answered.
    async fn chat(&self, person: &Actor, text: &str, script: Script) -> String {
        self.upstream.answer_next(script);
        let reply = person.say(&self.path("/chats"), text, "", &[]).await;
        assert_eq!(reply.status, 303, "{}", reply.body);
        let id = reply.location().strip_prefix("/c/").unwrap().to_owned();
        self.app.answered(&id).await;
        id
    }

    /// What the provider was sent as instructions with the last question that was no title's.
    fn last_told(&self) -> String {
        let asked = self.upstream.requests();
        let told = asked.iter().rev().map(|asked| asked.json["messages"][0]["content"].as_str().unwrap_or_default().to_owned());
        told.into_iter().find(|told| !told.contains("You name conversations")).unwrap()
    }
}
