//! The page before a locked one: a button, and a field for the password if there is one.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use serde::Deserialize;

use crate::app::App;
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::http::extract::Path;
use crate::http::form::Form;
use crate::ids;
use crate::links::link::{self, TargetType};
use crate::links::open::Visit;
use crate::links::unlock::unlock;

/// It says nothing of what is behind it, not even a title.
#[derive(Template)]
#[template(path = "links/locked.html")]
struct LockedPage<'a> {
    token: &'a str,
    asks_password: bool,
    problem: Option<&'a str>,
}

/// What the form sends.
#[derive(Deserialize)]
pub struct Key {
    #[serde(default)]
    password: String,
}

/// `POST /share/{token}/open`
pub async fn open(
    State(app): State<App>,
    visit: Visit,
    visitor: Option<CurrentUser>,
    Path(token): Path<String>,
    Form(Key { password }): Form<Key>,
) -> Result<Response, Error> {
    let link_id = match visit.enter(&app, &token).await {
        Err(Error::Locked { link_id, .. }) => link_id,
        // Opened already: another click costs no view.
        entered => return Ok(Redirect::to(&page_of(&entered?.id)).into_response()),
    };
    let link = app.gate.before_the_lock(TargetType::Conversation, &link_id).await?;
    let page = Redirect::to(&page_of(&link.id));
    // Unlocked by its owner since they saw the button.
    let Some(lock) = &link.lock else { return Ok(page.into_response()) };
    let user = visitor.as_ref().map(|visitor| &visitor.user);
    match unlock(&app, &link, lock, &password, user, visit.from).await {
        Ok(cookie) => Ok((CookieJar::new().add(cookie), page).into_response()),
        Err(Error::Invalid { words, .. }) => locked(&link.id, true, Some(&words)),
        Err(error) => Err(error),
    }
}

fn page_of(link_id: &str) -> String {
    link::path(TargetType::Conversation, link_id)
}

/// The page itself, for every address of the link.
///
/// # Errors
/// [`Error::Template`]
pub fn locked(link_id: &str, asks_password: bool, problem: Option<&str>) -> Result<Response, Error> {
    let page = LockedPage { token: ids::token_of(link_id), asks_password, problem }.render()?;
    Ok((StatusCode::FORBIDDEN, Html(page)).into_response())
}
