//! The sample conversation: something to try sharing with before anything was imported.

use takeback_transcripts::{Part, Role};

use super::create::{self, NewConversation, NewMessage};
use super::store;
use crate::accounts::user::User;
use crate::app::App;
use crate::error::Error;
use crate::storage::dialect;
use crate::write_tx;

const SOURCE: &str = "sample";
const SOURCE_ID: &str = "1";
const TITLE: &str = "Taking a link back, step by step";

/// Who says what, in order.
const MESSAGES: [(Role, &str); 4] = [
    (Role::User, include_str!("sample/1-question.md")),
    (Role::Assistant, include_str!("sample/2-answer.md")),
    (Role::User, include_str!("sample/3-question.md")),
    (Role::Assistant, include_str!("sample/4-answer.md")),
];

/// Makes the sample, or finds the one that the person has; answers its id. Once deleted it can be made again.
pub async fn make(app: &App, owner: &User) -> Result<String, Error> {
    let made = insert(app, owner).await;
    app.jobs.wake();
    match made {
        // A second click at the same moment: the first one made it.
        Err(Error::Database(error)) if dialect::is_taken(&error) => {
            let found = store::from_source(&mut *app.db.read().await?, &owner.id, SOURCE, SOURCE_ID).await?;
            found.ok_or(Error::NotFound)
        }
        made => made,
    }
}

async fn insert(app: &App, owner: &User) -> Result<String, Error> {
    let now = app.now();
    let messages =
        MESSAGES.map(|(role, text)| NewMessage { role, model: None, parts: vec![Part::Text { text: text.to_owned() }], incomplete: false });
    write_tx!(app.db, "make the sample conversation", |tx| {
        if let Some(id) = store::from_source(tx, &owner.id, SOURCE, SOURCE_ID).await? {
            return Ok(id);
        }
        let new = NewConversation { title: TITLE, source: Some(SOURCE), source_id: Some(SOURCE_ID), messages: &messages };
        create::insert(tx, &owner.id, &new, now).await
    })
}
