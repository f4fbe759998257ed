//! Saying something to a model, as the composer does, and waiting for what comes of it.

use std::time::Duration;

use reqwest::Method;
use reqwest::multipart::{Form, Part};

use super::app::TestApp;
use super::client::{Client, Reply};

impl Client {
    /// What the composer sends to `path`: an empty `model` leaves the choice to the server.
    pub(crate) async fn say(&self, path: &str, text: &str, model: &str, files: &[(&str, &[u8])]) -> Reply {
        let form = Form::new().text("text", text.to_owned()).text("model", model.to_owned());
        let form =
            files.iter().fold(form, |form, (name, bytes)| form.part("files", Part::bytes(bytes.to_vec()).file_name((*name).to_owned())));
        Reply::of(self.request(Method::POST, path).multipart(form)).await
    }

    /// Begins a chat; answers the conversation's id.
    pub(crate) async fn begin_chat(&self, text: &str) -> String {
        let reply = self.say("/chats", text, "", &[]).await;
        assert_eq!(reply.status, 303, "{}", reply.body);
        reply.location().strip_prefix("/c/").unwrap().to_owned()
    }
}

/// An answer as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct StoredAnswer {
    pub(crate) message_id: String,
    pub(crate) state: String,
    pub(crate) problem: String,
    pub(crate) read_from: String,
    pub(crate) parts: String,
}

impl TestApp {
    /// The conversation's newest answer, once nothing of it is being written any more.
    pub(crate) async fn answered(&self, conversation_id: &str) -> StoredAnswer {
        let query = "SELECT a.message_id, a.state, a.problem, a.read_from, b.parts FROM answers a \
                     JOIN messages m ON m.id = a.message_id JOIN message_bodies b ON b.message_id = a.message_id \
                     WHERE a.conversation_id = $1 ORDER BY m.position DESC LIMIT 1";
        for _ in 0..20_000 {
            let answer: Option<StoredAnswer> = sqlx::query_as(query).bind(conversation_id).fetch_optional(self.db.reader()).await.unwrap();
            if let Some(answer) = answer.filter(|answer| answer.state != "running") {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("an answer does not end");
    }
}
