//! The library: one's own assistants, and those that others listed for members of this server.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use super::Portrait;
use crate::app::App;
use crate::assistants::store::{self, Listed};
use crate::conversations::sidebar::{self, AppFrame};
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::http::extract::Query;
use crate::pages::view::{Notice, html};

#[derive(Template)]
#[template(path = "assistants/library.html")]
struct Library {
    frame: AppFrame,
    notice: Option<Notice>,
    query: String,
    mine: Vec<Card>,
    others: Vec<Card>,
}

struct Card {
    id: String,
    portrait: Portrait,
    name: String,
    description: String,
    owner_name: String,
    /// "Draft", "Listed" or nothing.
    state: &'static str,
}

impl Card {
    fn of(listed: Listed) -> Self {
        let state = match (listed.published, listed.visibility.as_str()) {
            (0, _) => "Draft",
            (_, "listed") => "Listed for members",
            _ => "",
        };
        Self {
            portrait: Portrait::of(&listed.id, &listed.name, &listed.emoji, &listed.picture_id),
            id: listed.id,
            name: listed.name,
            description: listed.description,
            owner_name: listed.owner_name,
            state,
        }
    }
}

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub struct Search {
    #[serde(default)]
    q: String,
    #[serde(default)]
    done: String,
}

/// `GET /assistants?q=`
pub async fn show(State(app): State<App>, CurrentUser { user, .. }: CurrentUser, Query(search): Query<Search>) -> Result<Response, Error> {
    let words = search.q.trim();
    let mut tx = app.db.read().await?;
    let mine = store::list(&mut tx, &user.id, true, words).await?.into_iter().map(Card::of).collect();
    let others = store::list(&mut tx, &user.id, false, words).await?.into_iter().map(Card::of).collect();
    drop(tx);
    let notice = match search.done.as_str() {
        "deleted" => Some(Notice::good("The assistant is deleted.")),
        "left" => Some(Notice::good("You are no editor of it any more.")),
        _ => None,
    };
    html(&Library { frame: sidebar::frame(&app, &user, None).await?, notice, query: search.q, mine, others })
}
