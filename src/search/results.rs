//! What a question finds, ready to be shown: titles, and messages with the line that shows why.

use std::collections::HashMap;

use sqlx::{AssertSqlSafe, FromRow};

use super::block::Field;
use super::find::places;
use super::snippet::{self, Piece};
use super::store::Place;
use super::visible;
use super::words::{self, Term};
use crate::accounts::user::User;
use crate::app::{App, blocking};
use crate::conversations::store::{Listed, listed};
use crate::error::Error;
use crate::storage::Tx;

/// Titles that are put in order: of more, the ones that were indexed last.
const TITLES: usize = 500;

/// A message that has the words.
#[derive(Clone, Debug)]
pub struct Hit {
    /// `conv_…`
    pub conversation_id: String,
    /// The conversation's title.
    pub title: String,
    /// `msg_…`
    pub message_id: String,
    /// The person said it, not the model.
    pub by_owner: bool,
    /// When.
    pub at: i64,
    /// A stretch of it.
    pub snippet: Vec<Piece>,
}

/// Conversations of `owner` whose titles have all of the words, what changed last first, behind `after` (time and id).
pub async fn titles(app: &App, owner: &User, terms: &[Term], after: Option<(i64, &str)>, limit: usize) -> Result<Vec<Listed>, Error> {
    let mut tx = app.db.read().await?;
    let places = places(&mut tx, &owner.id, Field::Title, terms, None, TITLES).await?;
    let ids: Vec<&str> = places.iter().map(|place| place.conversation_id.as_str()).collect();
    let mut rows = listed(&mut tx, owner, &ids).await?;
    drop(tx);
    // The index may still have an earlier title.
    rows.retain(|row| has_all(&row.title, terms) && after.is_none_or(|after| (row.updated_at, row.id.as_str()) < after));
    rows.sort_unstable_by(|a, b| (b.updated_at, &b.id).cmp(&(a.updated_at, &a.id)));
    rows.truncate(limit);
    Ok(rows)
}

fn has_all(text: &str, terms: &[Term]) -> bool {
    let mut found = vec![false; terms.len()];
    words::each(text, |word, _| {
        for (term, found) in terms.iter().zip(&mut found) {
            *found |= term.matches(word);
        }
    });
    found.into_iter().all(|found| found)
}

/// The newest message with all of the words of each of `owner`'s conversations, newest first, behind `after` (time and
/// conversation). Answers where the next page begins, too.
pub async fn messages(
    app: &App,
    owner: &User,
    terms: &[Term],
    after: Option<(i64, &str)>,
    limit: usize,
) -> Result<(Vec<Hit>, Option<(i64, String)>), Error> {
    let mut tx = app.db.read().await?;
    let mut places = places(&mut tx, &owner.id, Field::Message, terms, after, limit + 1).await?;
    let more = places.len() > limit;
    places.truncate(limit);
    let next = places.last().filter(|_| more).map(|last| (last.at, last.conversation_id.clone()));
    let found = load(&mut tx, &owner.id, &places).await?;
    drop(tx);
    let terms = terms.to_vec();
    let hits = blocking(move || {
        let mut found: HashMap<(String, i64), Row> =
            found.into_iter().map(|row| ((row.conversation_id.clone(), row.position), row)).collect();
        let rows = places.into_iter().filter_map(|place| Some((place.at, found.remove(&(place.conversation_id, place.position?))?)));
        rows.map(|(at, row)| {
            let text = visible::text(&row.parts)?;
            let snippet = snippet::of(&text, &terms);
            let Row { conversation_id, title, id: message_id, role, .. } = row;
            Ok(Hit { conversation_id, title, message_id, by_owner: role == "user", at, snippet })
        })
        .collect()
    });
    Ok((hits.await?, next))
}

/// Conversations in which all of the words are found, in the title or in one message, each once and in no order. Of very
/// many, those with the newest matches. Whoever shows them loads them through their owner: some may be gone.
pub async fn conversations(app: &App, owner: &User, terms: &[Term]) -> Result<Vec<String>, Error> {
    let mut ids: Vec<String> = titles(app, owner, terms, None, TITLES).await?.into_iter().map(|listed| listed.id).collect();
    let places = places(&mut *app.db.read().await?, &owner.id, Field::Message, terms, None, TITLES).await?;
    ids.extend(places.into_iter().map(|place| place.conversation_id));
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

#[derive(FromRow)]
struct Row {
    id: String,
    conversation_id: String,
    position: i64,
    role: String,
    title: String,
    parts: String,
}

/// The messages at these places, through the owner of their conversations: what was deleted is not there.
async fn load(tx: &mut Tx, owner_id: &str, places: &[Place]) -> Result<Vec<Row>, Error> {
    let places: Vec<(&str, i64)> = places.iter().filter_map(|place| Some((place.conversation_id.as_str(), place.position?))).collect();
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let each = (0..places.len()).map(|n| format!("(m.conversation_id = ${} AND m.position = ${})", n * 2 + 2, n * 2 + 3));
    let query = format!(
        "SELECT m.id, m.conversation_id, m.position, m.role, c.title, b.parts \
         FROM messages m JOIN conversations c ON c.id = m.conversation_id JOIN message_bodies b ON b.message_id = m.id \
         WHERE c.owner_id = $1 AND m.hidden = 0 AND ({})",
        each.collect::<Vec<_>>().join(" OR ")
    );
    let mut statement = sqlx::query_as(AssertSqlSafe(query)).persistent(false).bind(owner_id);
    for (conversation_id, position) in places {
        statement = statement.bind(conversation_id.to_owned()).bind(position);
    }
    Ok(statement.fetch_all(tx).await?)
}

/// Whether something of the owner's is not in the index yet.
pub async fn is_behind(app: &App, owner: &User) -> Result<bool, Error> {
    let query = "SELECT id FROM search_pending WHERE owner_id = $1 LIMIT 1";
    Ok(sqlx::query(query).bind(&owner.id).fetch_optional(app.db.reader()).await?.is_some())
}
