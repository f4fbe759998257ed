//! Answers of models.

mod api;
mod attachments;
mod branches;
mod context;
mod ends;
mod follow;
mod limits;
mod nodes;
mod preferences;
mod share;
mod stop;
mod survive;
mod titles;
mod upstream;

use takeback::config::Config;
use takeback::providers::settings::Kind;

use crate::support::{Actor, Drawn, Line, Reply, Script, TestApp, Upstream, eventually};

/// A server with one provider and one person.
struct Scene {
    upstream: Upstream,
    app: TestApp,
    owner: Actor,
}

impl Scene {
    async fn new() -> Self {
        Self::with(|_| ()).await
    }

    async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let upstream = Upstream::start().await;
        // Titles are another test's matter.
        for _ in 0..40 {
            upstream.answer_when("You name conversations", Script::refuses(500, "no"));
        }
        let app = TestApp::start_with(|config| {
            upstream.connect(config, Kind::OpenAi);
            change(config);
        })
        .await;
        let owner = app.owner().await;
        Self { upstream, app, owner }
    }

    /// Begins a chat whose answer is this.
    async fn begin(&self, script: Script) -> String {
        self.upstream.answer_next(script);
        let id = self.owner.begin_chat("Tell me about tea.").await;
        self.upstream.taken().await;
        id
    }

    /// Says something more; the answer is this.
    async fn say(&self, id: &str, text: &str, script: Script) -> Reply {
        self.upstream.answer_next(script);
        let reply = self.owner.say(&format!("/c/{id}/messages"), text, "", &[]).await;
        if reply.status == 303 {
            self.upstream.taken().await;
        }
        reply
    }

    async fn body(&self, id: &str) -> String {
        self.owner.get(&format!("/c/{id}")).await.body
    }

    /// The running answer as the page shows it.
    async fn page(&self, id: &str) -> Drawn {
        Drawn::from_page(&self.body(id).await)
    }

    async fn listen(&self, id: &str, drawn: &Drawn) -> Line {
        self.owner.listen(&format!("/c/{id}/events?have={}&last={}", drawn.have, drawn.message), "").await
    }

    /// Opens the conversation's page and waits until these words of the answer are on it.
    async fn reads(&self, id: &str, words: &str) -> (Drawn, Line) {
        let mut drawn = self.page(id).await;
        let mut line = self.listen(id, &drawn).await;
        drawn.until(&mut line, |drawn| drawn.text().contains(words)).await;
        (drawn, line)
    }
}
