//! Assistants, made as the editor makes them.

use reqwest::Method;
use reqwest::multipart::{Form, Part};

use super::actors::Actor;
use super::app::TestApp;
use super::client::{Client, Reply};

/// The smallest GIF.
const PIXEL: &[u8] = b"GIF89a\x01\0\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\0;";

/// What the editor sends at least.
pub(crate) fn assistant_form(name: &str, instructions: &str) -> Form {
    Form::new().text("name", name.to_owned()).text("instructions", instructions.to_owned())
}

/// A file of knowledge in that form.
pub(crate) fn with_file(form: Form, name: &str, text: &str) -> Form {
    form.part("knowledge", Part::text(text.to_owned()).file_name(name.to_owned()))
}

impl Client {
    /// Sends the editor's form.
    pub(crate) async fn post_assistant(&self, path: &str, form: Form) -> Reply {
        Reply::of(self.request(Method::POST, path).multipart(form)).await
    }

    /// Makes an assistant; answers its id.
    pub(crate) async fn make_assistant(&self, form: Form) -> String {
        let reply = self.post_assistant("/assistants", form).await;
        assert_eq!(reply.status, 303, "{}", reply.body);
        reply.location().split('/').nth(2).unwrap().to_owned()
    }
}

impl TestApp {
    /// One with a picture, a starter and a file, published.
    pub(crate) async fn assistant(&self, owner: &Actor) -> String {
        let form = assistant_form("Tea Counsel", "Speak of tea alone. The watchword is heliotropezander.")
            .text("description", "Knows tea.")
            .text("starter", "How long does green tea steep?")
            .text("publish", "1")
            .part("picture", Part::bytes(PIXEL).file_name("tea.gif"));
        owner.make_assistant(with_file(form, "stock.md", "Our cellar holds quincemarrow tea.")).await
    }

    /// The picture of an assistant.
    pub(crate) async fn portrait(&self, id: &str) -> String {
        let query = "SELECT id FROM assistant_files WHERE assistant_id = $1 AND kind = 'picture'";
        sqlx::query_scalar(query).bind(id).fetch_one(self.db.reader()).await.unwrap()
    }

    /// An editor tries it; is back when it has answered. Answers the conversation's id.
    pub(crate) async fn try_it(&self, editor: &Actor, id: &str) -> String {
        let reply = editor.say(&format!("/assistants/{id}/preview/messages"), "What is there?", "", &[]).await;
        assert_eq!(reply.status, 303, "{}", reply.body);
        let query = "SELECT s.conversation_id FROM conversation_assistants s JOIN conversations c ON c.id = s.conversation_id \
                     JOIN guests g ON g.user_id = c.owner_id WHERE s.assistant_id = $1 AND g.editor_id = $2";
        let tried: String = sqlx::query_scalar(query).bind(id).bind(&editor.user.id).fetch_one(self.db.reader()).await.unwrap();
        self.answered(&tried).await;
        tried
    }
}
