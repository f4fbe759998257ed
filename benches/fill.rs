//! A full database: 100,000 conversations of four messages, the first thousand of them shared.

use std::path::Path;

use takeback::accounts;
use takeback::app::App;
use takeback::audit::Via;
use takeback::clock::Clock;
use takeback::config::{Config, Options};
use takeback::links::publish::{Terms, publish};
use takeback::storage::sql;
use takeback::{ids, write_tx};
use takeback_transcripts::Part;

use super::person::EMAIL;

const CONVERSATIONS: i64 = 100_000;
const LINKS: usize = 1_000;
/// In one statement.
const CHUNK: i64 = 500;

pub(crate) async fn fill(data: &Path) {
    let options = Options { data: Some(data.to_owned()), ..Options::default() };
    let app = App::new(Config::load(&options).unwrap(), Clock::System).await.unwrap();
    let owner = accounts::store::by_email(&mut app.db.read().await.unwrap(), EMAIL).await.unwrap().unwrap();
    let mut shared = Vec::new();
    for chunk in 0..CONVERSATIONS / CHUNK {
        let talks: Vec<Talk> = (0..CHUNK).map(|at| Talk::new(chunk * CHUNK + at)).collect();
        insert(&app, &owner.id, &talks).await;
        shared.extend(talks.into_iter().take(LINKS.saturating_sub(shared.len())).map(|talk| talk.id));
    }
    for id in shared {
        let terms = Terms::default();
        publish(&app, &owner, &id, &terms, Via::Cli).await.unwrap();
    }
    app.db.close().await;
}

struct Talk {
    id: String,
    title: String,
    messages: [String; 4],
    at: i64,
}

impl Talk {
    fn new(number: i64) -> Self {
        let title = format!("Conversation number {number} about this and that");
        Self {
            id: ids::new("conv"),
            title,
            messages: std::array::from_fn(|_| ids::new("msg")),
            at: 1_700_000_000_000_000 + number * 60_000_000,
        }
    }
}

async fn insert(app: &App, owner_id: &str, talks: &[Talk]) {
    let text = "A message of some sentences, which says what messages say, and then a little more. ".repeat(4);
    let parts = serde_json::to_string(&[Part::Text { text }]).unwrap();
    write_tx!(app.db, "bench: conversations", |tx| {
        let columns = "conversations (id, owner_id, title, title_key, current_message_id, created_at, updated_at)";
        let query = format!("INSERT INTO {columns} VALUES {}", sql::rows(talks.len(), 7));
        let mut statement = sqlx::query(sqlx::AssertSqlSafe(query));
        for talk in talks {
            statement = statement.bind(&talk.id).bind(owner_id).bind(&talk.title).bind(talk.title.to_lowercase());
            statement = statement.bind(&talk.messages[3]).bind(talk.at).bind(talk.at);
        }
        statement.execute(&mut *tx).await?;

        let columns = "messages (id, conversation_id, parent_id, position, role, hidden, created_at)";
        let query = format!("INSERT INTO {columns} VALUES {}", sql::rows(talks.len() * 4, 7));
        let mut statement = sqlx::query(sqlx::AssertSqlSafe(query));
        for talk in talks {
            for (position, id) in (0_i64..).zip(&talk.messages) {
                let parent = usize::try_from(position - 1).ok().map(|at| talk.messages[at].clone());
                let role = if position % 2 == 0 { "user" } else { "assistant" };
                statement = statement.bind(id).bind(&talk.id).bind(parent).bind(position).bind(role).bind(0_i64).bind(talk.at);
            }
        }
        statement.execute(&mut *tx).await?;

        let query = format!("INSERT INTO message_bodies (message_id, parts) VALUES {}", sql::rows(talks.len() * 4, 2));
        let mut statement = sqlx::query(sqlx::AssertSqlSafe(query));
        for id in talks.iter().flat_map(|talk| &talk.messages) {
            statement = statement.bind(id).bind(&parts);
        }
        statement.execute(tx).await?;
        Ok(())
    })
    .unwrap();
}
