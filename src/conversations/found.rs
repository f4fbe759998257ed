//! What a search finds, in the place of the list: titles first, then messages.

use super::sidebar::{ConversationGroup, ConversationList, ConversationRow, Found, HitRow};
use super::store::Listed;
use crate::accounts::user::User;
use crate::app::App;
use crate::error::Error;
use crate::pages::view::Time;
use crate::search::results::{self, Hit};
use crate::search::words;

/// Titles that one request answers; what is below them should still be seen.
pub const TITLES: usize = 10;
/// Messages that one request answers.
pub const MESSAGES: usize = 20;
/// Characters of the question that are said again.
const SAID: usize = 60;

/// What a search for `question` finds; of one `part` alone behind `after`, when there is more of it.
pub(super) async fn list(
    app: &App,
    user: &User,
    question: &str,
    part: Option<Found>,
    after: Option<(i64, &str)>,
    current: Option<&str>,
) -> Result<ConversationList, Error> {
    let terms = words::terms(question);
    let mut list = ConversationList { query: question.to_owned(), ..ConversationList::default() };
    let shown = shortened(question);
    if terms.is_empty() {
        list.outcome = format!("“{shown}” has no letter or number to search for.");
        return Ok(list);
    }
    if part != Some(Found::Messages) {
        let mut rows = results::titles(app, user, &terms, after, TITLES + 1).await?;
        let more = (rows.len() > TITLES).then(|| rows.truncate(TITLES)).and(rows.last());
        list.more = more.map(|last| address(question, "titles", last.updated_at, &last.id));
        let conversations: Vec<ConversationRow> = rows.into_iter().map(|row: Listed| ConversationRow::of(row, current)).collect();
        if !conversations.is_empty() {
            list.groups = vec![ConversationGroup { label: "Titles".to_owned(), conversations }];
        }
    }
    if part != Some(Found::Titles) {
        let (hits, next) = results::messages(app, user, &terms, after, MESSAGES).await?;
        list.more_hits = next.map(|(at, id)| address(question, "messages", at, &id));
        list.hits = hits.into_iter().map(|hit| row(hit, app.now())).collect();
    }
    if part.is_none() {
        list.is_behind = results::is_behind(app, user).await?;
        list.outcome = outcome(&list, &shown);
    }
    Ok(list)
}

fn row(hit: Hit, now: i64) -> HitRow {
    HitRow {
        href: format!("/c/{}?at={}#at", hit.conversation_id, hit.message_id),
        title: hit.title,
        who: if hit.by_owner { "You" } else { "" },
        time: Time::at(hit.at, now),
        snippet: hit.snippet,
    }
}

fn address(question: &str, part: &str, at: i64, id: &str) -> String {
    let question = askama::filters::urlencode_strict(question).map(|encoded| encoded.to_string()).unwrap_or_default();
    format!("/conversations?q={question}&part={part}&after={at}.{id}")
}

/// "3 titles and more than 20 messages"
fn outcome(list: &ConversationList, shown: &str) -> String {
    let titles = list.groups.iter().map(|group| group.conversations.len()).sum();
    if titles == 0 && list.hits.is_empty() {
        return format!("Nothing found for “{shown}”.");
    }
    let count = |count: usize, more: bool, what: &str| match (count, more) {
        (count, true) => format!("more than {count} {what}s"),
        (1, false) => format!("1 {what}"),
        (count, false) => format!("{count} {what}s"),
    };
    let parts = [count(titles, list.more.is_some(), "title"), count(list.hits.len(), list.more_hits.is_some(), "message")];
    format!("Found {}.", parts.join(" and "))
}

fn shortened(question: &str) -> String {
    match question.char_indices().nth(SAID) {
        Some((end, _)) => format!("{}…", &question[..end]),
        None => question.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outcome_is_a_sentence() {
        let row = ConversationRow { id: String::new(), title: String::new(), shared: false, current: false };
        let group = ConversationGroup { label: String::new(), conversations: vec![row] };
        let mut list = ConversationList::default();
        assert_eq!(outcome(&list, "tea"), "Nothing found for “tea”.");
        list.groups.push(group);
        assert_eq!(outcome(&list, "tea"), "Found 1 title and 0 messages.");
        list.more = Some(String::new());
        assert_eq!(outcome(&list, "tea"), "Found more than 1 titles and 0 messages.");
        assert_eq!(shortened(&"é".repeat(100)).chars().count(), 61);
    }
}
