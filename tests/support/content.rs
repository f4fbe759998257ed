//! Conversations and links for tests to start from.

use takeback::accounts::user::User;
use takeback::audit::Via;
use takeback::links::link::Link;
use takeback::links::publish::{self, Terms};
use takeback::{ids, write_tx};
use takeback_transcripts::Part;

use super::app::TestApp;

/// The smallest GIF.
const PIXEL: &[u8] = b"GIF89a\x01\0\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\0;";

/// A conversation that was put into the database: its id, and its messages' ids in order.
#[derive(Clone, Debug)]
pub(crate) struct Talk {
    pub(crate) id: String,
    pub(crate) messages: Vec<String>,
}

impl TestApp {
    /// A conversation with messages, each a role and a text.
    pub(crate) async fn talk(&self, owner: &User, title: &str, messages: &[(&str, &str)]) -> Talk {
        let mut talk = Talk { id: ids::new("conv"), messages: Vec::new() };
        write_tx!(self.db, "test: a conversation", |tx| {
            sqlx::query(
                "INSERT INTO conversations (id, owner_id, title, title_key, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5)",
            )
            .bind(&talk.id)
            .bind(&owner.id)
            .bind(title)
            .bind(title.to_lowercase())
            .bind(self.now())
            .execute(tx)
            .await?;
            Ok(())
        })
        .unwrap();
        for (role, text) in messages {
            self.say(&mut talk, role, text).await;
        }
        talk
    }

    /// One more message at the end.
    pub(crate) async fn say(&self, talk: &mut Talk, role: &str, text: &str) {
        self.say_parts(talk, role, &[Part::Text { text: text.to_owned() }]).await;
    }

    /// One more message of any content at the end.
    pub(crate) async fn say_parts(&self, talk: &mut Talk, role: &str, parts: &[Part]) {
        let id = ids::new("msg");
        let model = (role == "assistant").then(|| "test-model".to_owned());
        let (parent, position) = (talk.messages.last().cloned(), i64::try_from(talk.messages.len()).unwrap());
        write_tx!(self.db, "test: a message", |tx| {
            sqlx::query(
                "INSERT INTO messages (id, conversation_id, parent_id, position, role, model, hidden, created_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, 0, $7)",
            )
            .bind(&id)
            .bind(&talk.id)
            .bind(&parent)
            .bind(position)
            .bind(role)
            .bind(&model)
            .bind(self.now())
            .execute(&mut *tx)
            .await?;
            sqlx::query("INSERT INTO message_bodies (message_id, parts) VALUES ($1, $2)")
                .bind(&id)
                .bind(serde_json::to_string(parts)?)
                .execute(&mut *tx)
                .await?;
            sqlx::query("UPDATE conversations SET current_message_id = $1, updated_at = $2 WHERE id = $3")
                .bind(&id)
                .bind(self.now())
                .bind(&talk.id)
                .execute(tx)
                .await?;
            Ok(())
        })
        .unwrap();
        talk.messages.push(id);
    }

    /// A picture of one pixel among the conversation's files; answers its id.
    pub(crate) async fn picture(&self, talk: &Talk) -> String {
        self.file(talk, "pixel.gif", "image/gif", PIXEL).await
    }

    /// A file of the conversation's; answers its id.
    pub(crate) async fn file(&self, talk: &Talk, name: &str, media_type: &str, bytes: &[u8]) -> String {
        let id = ids::new("file");
        write_tx!(self.db, "test: a file", |tx| {
            sqlx::query("INSERT INTO files (id, conversation_id, name, media_type, bytes, created_at) VALUES ($1, $2, $3, $4, $5, $6)")
                .bind(&id)
                .bind(&talk.id)
                .bind(name)
                .bind(media_type)
                .bind(bytes.to_vec())
                .bind(self.now())
                .execute(tx)
                .await?;
            Ok(())
        })
        .unwrap();
        id
    }

    /// A conversation of two messages.
    pub(crate) async fn small_talk(&self, owner: &User) -> Talk {
        self.talk(owner, "Tea for two", &[("user", "How long does green tea steep?"), ("assistant", "Two minutes at 75 °C.")]).await
    }

    /// Shares it anonymously under its own title.
    pub(crate) async fn share(&self, owner: &User, talk: &Talk) -> Link {
        let terms = Terms::default();
        publish::publish(&self.app, owner, &talk.id, &terms, Via::Web).await.unwrap()
    }
}
