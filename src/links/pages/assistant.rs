//! The section Share of an assistant's editor: its links, made, copied, paused, capped and deleted there.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::chart::{self, Chart};
use super::{base_url, wants_fragment};
use crate::accounts::user::User;
use crate::app::App;
use crate::assistants;
use crate::audit::Via;
use crate::error::Error;
use crate::guests::caps::{self, Caps, MOST};
use crate::guests::{counts, frames, purse};
use crate::http::auth::CurrentUser;
use crate::http::extract::Path;
use crate::http::form::Form;
use crate::links::expiry::Expiry;
use crate::links::give_out::{self, Terms};
use crate::links::link::{Author, Link};
use crate::links::store;
use crate::pages::view::{Count, Time, html};

/// What `links/_assistant.html` draws, alone or within the editor.
pub struct Section {
    /// Whose links they are.
    pub assistant_id: String,
    /// The name that a link can say.
    pub owner_name: String,
    /// There is something to be given out.
    pub is_published: bool,
    /// Browsers keep a cookie of a frame on another site only with https.
    pub is_https: bool,
    /// The newest first.
    pub links: Vec<GivenOut>,
}

#[derive(Template)]
#[template(path = "links/_assistant.html")]
struct SectionFragment {
    sharing: Section,
}

/// One of the links.
pub struct GivenOut {
    /// `link_…`
    pub id: String,
    /// Its whole address.
    pub url: String,
    /// It says who shared it.
    pub named: bool,
    /// Nobody can open it.
    pub paused: bool,
    /// It was made just now: its address is what the click copies.
    pub made: bool,
    /// When it was made.
    pub created: Time,
    /// How often it was opened.
    pub views: Count,
    /// What visitors took, by day.
    pub chart: Chart,
    /// Messages since midnight in UTC.
    pub messages_today: Count,
    /// Tokens, spent and set aside.
    pub tokens_this_month: Count,
    /// What they may take.
    pub caps: Caps,
    /// The sites that may show it in a frame, one in a line.
    pub frames: String,
    /// What those put into their page.
    pub snippet: String,
}

impl GivenOut {
    /// The caps as fields of a form: name, label, what it is.
    pub fn fields(&self) -> [(&'static str, &'static str, i64); 6] {
        let caps = &self.caps;
        [
            ("messages_a_day", "Messages a day, of everybody", caps.messages_a_day),
            ("guest_messages_a_day", "Messages a day, of one visitor", caps.guest_messages_a_day),
            ("address_messages_a_day", "Messages a day, from one network", caps.address_messages_a_day),
            ("input_chars", "Longest message, in characters", caps.input_chars),
            ("output_tokens", "Longest answer, in tokens", caps.output_tokens),
            ("tokens_a_month", "Tokens a month, read and written", caps.tokens_a_month),
        ]
    }

    /// The most that a cap can be.
    pub fn most(&self) -> i64 {
        MOST
    }

    /// The cap on messages of everybody.
    pub fn messages_a_day(&self) -> Count {
        Count(self.caps.messages_a_day)
    }

    /// The cap on tokens.
    pub fn tokens_a_month(&self) -> Count {
        Count(self.caps.tokens_a_month)
    }
}

/// What the form of a new link sends.
#[derive(Debug, Default, Deserialize)]
pub struct Choice {
    #[serde(default)]
    author: String,
}

/// `POST /assistants/{id}/links`: makes a link.
pub async fn make(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(choice): Form<Choice>,
) -> Result<Response, Error> {
    let terms = Terms { author: Author::parse(&choice.author), expiry: Expiry::Keep };
    let link = give_out::give_out(&app, &user, &id, terms, None, Via::Web).await?;
    shown(&app, &user, &id, Some(&link), &headers).await
}

/// The section after something in it was done.
pub async fn shown(app: &App, user: &User, assistant_id: &str, made: Option<&Link>, headers: &HeaderMap) -> Result<Response, Error> {
    if !wants_fragment(headers) {
        return Ok(Redirect::to(&format!("/assistants/{assistant_id}/edit#share")).into_response());
    }
    html(&SectionFragment { sharing: section(app, user, assistant_id, &base_url(app, headers), made).await? })
}

/// The section of this person's own assistant.
///
/// # Errors
/// As [`assistants::store::owned`].
pub async fn section(app: &App, user: &User, assistant_id: &str, base: &str, made: Option<&Link>) -> Result<Section, Error> {
    let now = app.now();
    app.views.refresh(&app.db).await;
    let mut tx = app.db.read().await?;
    let assistant = assistants::store::owned(&mut tx, &user.id, assistant_id).await?;
    let mut links = Vec::new();
    for link in store::of_target(&mut tx, &user.id, assistant_id).await? {
        let days = counts::days(&mut tx, &link.id, chart::DAYS, now).await?;
        let today = days.last().copied().unwrap_or_default();
        links.push(GivenOut {
            url: format!("{base}{}", link.path()),
            named: link.author == Author::Name,
            paused: link.paused,
            made: made.is_some_and(|made| made.id == link.id),
            created: Time::at(link.created_at, now),
            views: Count(link.views),
            chart: Chart::of(&days),
            messages_today: Count(today.messages),
            tokens_this_month: Count(purse::month_so_far(&mut tx, &link.id, now).await?),
            caps: caps::of(&mut tx, &link.id).await?,
            frames: frames::of(&mut tx, &link.id).await?.join("\n"),
            snippet: format!("<iframe src=\"{base}/embed{}\" title=\"Chat\" width=\"400\" height=\"600\"></iframe>", link.path()),
            id: link.id,
        });
    }
    Ok(Section {
        assistant_id: assistant.id,
        owner_name: user.name.clone(),
        is_published: assistant.published > 0,
        is_https: app.config.is_https(),
        links,
    })
}
