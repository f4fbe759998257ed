//! Tests of `src/search`, through the page that people search with.

mod erase;
mod find;
mod index;
mod page;

use takeback::search::index::enqueue;
use takeback::write_tx;

use crate::support::{Client, Talk, TestApp, encode};

impl TestApp {
    /// Leaves a conversation to the index, as whoever writes one does, and waits until it is there.
    pub(crate) async fn index(&self, conversation_id: &str) {
        enqueue_only(self, conversation_id).await;
        self.finish_jobs().await;
    }

    /// A conversation that can be found.
    pub(crate) async fn indexed(&self, owner: &takeback::accounts::user::User, title: &str, messages: &[(&str, &str)]) -> Talk {
        let talk = self.talk(owner, title, messages).await;
        self.index(&talk.id).await;
        talk
    }
}

/// Leaves a conversation to the index.
async fn enqueue_only(app: &TestApp, conversation_id: &str) {
    let now = app.now();
    write_tx!(app.db, "test: index", |tx| { enqueue(tx, conversation_id, now).await }).unwrap();
}

/// What a search shows.
#[derive(Debug, Default, PartialEq, Eq)]
struct Shown {
    /// Conversations under "Titles".
    titles: Vec<String>,
    /// Messages under "Messages".
    messages: Vec<String>,
    /// The lines below them, marked words in brackets.
    snippets: Vec<String>,
    more_titles: Option<String>,
    more_messages: Option<String>,
}

async fn search(client: &Client, question: &str) -> Shown {
    shown(client, &format!("/conversations?q={}", encode(question))).await
}

async fn shown(client: &Client, path: &str) -> Shown {
    let reply = client.fragment(path).await;
    assert_eq!(reply.status, 200, "{path}: {}", reply.body);
    read(&reply.body)
}

fn read(body: &str) -> Shown {
    let between = |text: &str, from: &str, to: &str| text.split_once(from).unwrap().1.split_once(to).unwrap().0.to_owned();
    let more = |words: &str| {
        let (before, _) = body.split_once(&format!("data-more>{words}"))?;
        Some(unescaped(before.rsplit_once("href=\"")?.1.split('"').next()?))
    };
    let mut shown = Shown { more_titles: more("More titles"), more_messages: more("More messages"), ..Shown::default() };
    shown.titles = body.split("<li class=\"chat\" id=\"chat-").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect();
    for hit in body.split("<li class=\"hit\">").skip(1) {
        shown.messages.push(between(hit, "?at=", "#"));
        let snippet = between(hit, "<span class=\"snippet\" dir=\"auto\">", "</span>");
        shown.snippets.push(unescaped(&snippet.replace("<mark>", "[").replace("</mark>", "]").replace("<b>", "").replace("</b>", "")));
    }
    shown
}

fn unescaped(text: &str) -> String {
    text.replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&#38;", "&")
        .replace("&amp;", "&")
}
