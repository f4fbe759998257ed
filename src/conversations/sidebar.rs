//! The list of conversations beside every page: by day, newest first, or what a search finds ([`super::found`]).

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use time::{Duration, OffsetDateTime};

use super::found;
use super::store::{self, Listed};
use crate::accounts::user::User;
use crate::app::App;
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::http::extract::Query;
use crate::pages::view::{Time, html, moment};
use crate::search::snippet::Piece;

/// Conversations that one request answers.
pub const PAGE: usize = 40;

/// Everything around a page of the application.
#[derive(Clone, Debug, Default)]
pub struct AppFrame {
    /// Who is signed in.
    pub user_name: String,
    /// "AQ"
    pub user_initials: String,
    /// Whether they run the server.
    pub admin: bool,
    /// Their conversations.
    pub sidebar: ConversationList,
}

/// A stretch of the list.
#[derive(Clone, Debug, Default)]
pub struct ConversationList {
    /// What is searched for; empty: this is the whole list.
    pub query: String,
    /// By day; of a search, those whose titles have the words.
    pub groups: Vec<ConversationGroup>,
    /// The address of the next stretch.
    pub more: Option<String>,
    /// Messages that have the words.
    pub hits: Vec<HitRow>,
    /// The address of the next ones.
    pub more_hits: Option<String>,
    /// How much was found, or why nothing, in a sentence.
    pub outcome: String,
    /// Something of the person's is not in the index yet.
    pub is_behind: bool,
}

/// Conversations of one stretch of time.
#[derive(Clone, Debug)]
pub struct ConversationGroup {
    /// "Today", "Yesterday", "Previous 7 days", "October", "March 2025".
    pub label: String,
    /// Newest first.
    pub conversations: Vec<ConversationRow>,
}

/// A conversation in the list.
#[derive(Clone, Debug)]
pub struct ConversationRow {
    /// `conv_…`
    pub id: String,
    /// Its title.
    pub title: String,
    /// It has a live link.
    pub shared: bool,
    /// It is the one on the page.
    pub current: bool,
}

/// A message that a search found.
#[derive(Clone, Debug)]
pub struct HitRow {
    /// The conversation where it stands, at this message.
    pub href: String,
    /// The conversation's title.
    pub title: String,
    /// "You", or nothing for what a model said.
    pub who: &'static str,
    /// When it was said.
    pub time: Time,
    /// A stretch of it.
    pub snippet: Vec<Piece>,
}

#[derive(Template)]
#[template(path = "conversations/_list.html")]
struct ConversationListFragment {
    list: ConversationList,
}

/// What the search field and "Show more" send.
#[derive(Debug, Default, Deserialize)]
pub struct Stretch {
    #[serde(default)]
    q: String,
    after: Option<String>,
    /// Of a search: of what there is more.
    part: Option<Found>,
}

/// What a search finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Found {
    /// Conversations by their titles.
    Titles,
    /// Messages.
    Messages,
}

/// The frame of `user`'s page; `current` is the conversation on it.
pub async fn frame(app: &App, user: &User, current: Option<&str>) -> Result<AppFrame, Error> {
    searched(app, user, current, "").await
}

/// The same, with what a search for `words` finds in the place of the list.
pub async fn searched(app: &App, user: &User, current: Option<&str>, words: &str) -> Result<AppFrame, Error> {
    Ok(AppFrame {
        user_name: user.name.clone(),
        user_initials: initials(&user.name),
        admin: user.is_admin(),
        sidebar: stretch(app, user, Stretch { q: words.to_owned(), ..Stretch::default() }, current).await?,
    })
}

/// `GET /conversations?q=&part=&after=`: a stretch of the list, or of what a search finds, as a fragment.
pub async fn show(State(app): State<App>, CurrentUser { user, .. }: CurrentUser, Query(wanted): Query<Stretch>) -> Result<Response, Error> {
    let list = stretch(&app, &user, wanted, None).await?;
    html(&ConversationListFragment { list })
}

async fn stretch(app: &App, user: &User, wanted: Stretch, current: Option<&str>) -> Result<ConversationList, Error> {
    let cursor = wanted.after.as_deref().map(parse_cursor).transpose()?;
    match wanted.q.trim() {
        "" => list(app, user, cursor, current).await,
        words => found::list(app, user, words, wanted.part, cursor, current).await,
    }
}

async fn list(app: &App, user: &User, after: Option<(i64, &str)>, current: Option<&str>) -> Result<ConversationList, Error> {
    let mut rows = store::list(&mut *app.db.read().await?, user, after, PAGE + 1).await?;
    let more = (rows.len() > PAGE).then(|| rows.truncate(PAGE)).and(rows.last());
    let more = more.map(|last| format!("/conversations?after={}.{}", last.updated_at, last.id));
    let now = moment(app.now());
    let mut groups: Vec<ConversationGroup> = Vec::new();
    for listed in rows {
        let label = label(moment(listed.updated_at), now);
        let row = ConversationRow::of(listed, current);
        match groups.last_mut() {
            Some(group) if group.label == label => group.conversations.push(row),
            _ => groups.push(ConversationGroup { label, conversations: vec![row] }),
        }
    }
    Ok(ConversationList { groups, more, ..ConversationList::default() })
}

impl ConversationRow {
    /// A row of the list; `current` is the conversation on the page.
    pub fn of(listed: Listed, current: Option<&str>) -> Self {
        let Listed { id, title, shared, .. } = listed;
        Self { current: current == Some(id.as_str()), shared: shared != 0, id, title }
    }
}

/// The place behind a conversation: its time and id, so that it is found again when the conversation is gone.
fn parse_cursor(text: &str) -> Result<(i64, &str), Error> {
    let parts = text.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, id)));
    parts.ok_or_else(|| Error::invalid("after", "The list has changed since you opened it. Reload the page."))
}

/// In which stretch of time a day is; days are those of UTC.
fn label(at: OffsetDateTime, now: OffsetDateTime) -> String {
    let (day, today) = (at.date(), now.date());
    if day >= today {
        "Today".to_owned()
    } else if day == today.saturating_sub(Duration::days(1)) {
        "Yesterday".to_owned()
    } else if day >= today.saturating_sub(Duration::days(7)) {
        "Previous 7 days".to_owned()
    } else if day.year() == today.year() {
        day.month().to_string()
    } else {
        format!("{} {}", day.month(), day.year())
    }
}

/// The first letters of the first and the last word.
pub fn initials(name: &str) -> String {
    let mut letters = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let (first, last) = (letters.next(), letters.next_back());
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn days_have_the_names_that_people_give_them() {
        let now = datetime!(2026-01-15 00:10 UTC);
        let shown = [
            datetime!(2026-01-15 00:00 UTC),
            datetime!(2026-01-16 00:00 UTC),
            datetime!(2026-01-14 23:59 UTC),
            datetime!(2026-01-13 23:59 UTC),
            datetime!(2026-01-08 00:00 UTC),
            datetime!(2026-01-07 23:59 UTC),
            datetime!(2025-12-31 12:00 UTC),
        ]
        .map(|at| label(at, now));
        assert_eq!(shown, ["Today", "Today", "Yesterday", "Previous 7 days", "Previous 7 days", "January", "December 2025"]);
    }

    #[test]
    fn initials_of_any_name() {
        assert_eq!(["Ada Lovelace", "ada", "Anna (Bo) van Dam", "李 雷", "", "…"].map(initials), ["AL", "A", "AD", "李雷", "", ""]);
    }

    #[test]
    fn a_cursor_is_a_time_and_an_id() {
        assert_eq!(parse_cursor("17.conv_x").unwrap(), (17, "conv_x"));
        assert!(parse_cursor("conv_x").is_err() && parse_cursor("x.conv_x").is_err() && parse_cursor("").is_err());
    }
}
