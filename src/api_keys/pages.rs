//! Settings › API keys: make one, see what each may do and when it was used, revoke it.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::create::{MAX_NAME_CHARS, Wish, create};
use super::revoke;
use super::scope::{Scope, Scopes};
use super::store::{self, ApiKey};
use crate::accounts::user::User;
use crate::app::App;
use crate::audit::Via;
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::http::extract::{Path, Query};
use crate::http::form::Form;
use crate::links::pages::{base_url, wants_fragment};
use crate::pages::view::{Notice, SettingsFrame, Time, html};

/// Lives that the form offers: days, and what stands there. None: until it is revoked.
const LIVES: [(&str, &str); 4] = [("30", "30 days"), ("90", "90 days"), ("365", "1 year"), ("", "Until I revoke it")];
const USUAL_LIFE: &str = "90";

#[derive(Template)]
#[template(path = "api_keys/list.html")]
struct KeysPage {
    frame: SettingsFrame,
    notice: Option<Notice>,
    /// Shown once.
    made: Option<MadeKey>,
    base: String,
    name: String,
    name_problem: Option<String>,
    scopes_problem: Option<String>,
    max_name: usize,
    scopes: Vec<ScopeChoice>,
    lives: Vec<LifeChoice>,
    keys: Vec<KeyRow>,
}

struct MadeKey {
    name: String,
    text: String,
}

struct ScopeChoice {
    name: &'static str,
    words: &'static str,
    checked: bool,
}

struct LifeChoice {
    days: &'static str,
    words: &'static str,
    chosen: bool,
}

struct KeyRow {
    id: String,
    name: String,
    hint: String,
    scopes: String,
    created: Time,
    last_used: Option<Time>,
    expires: Option<String>,
    expired: bool,
}

#[derive(Template)]
#[template(path = "api_keys/revoke.html")]
struct RevokePage {
    frame: SettingsFrame,
    panel: Revoke,
}

#[derive(Template)]
#[template(path = "api_keys/_revoke.html")]
struct RevokeFragment {
    panel: Revoke,
}

struct Revoke {
    id: String,
    name: String,
    hint: String,
    last_used: Option<Time>,
}

/// What was just done here.
#[derive(Debug, Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

/// `GET /settings/keys`
pub async fn show(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Query(Done { done }): Query<Done>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let notice = (done == "revoked").then(|| Notice::good("The key is revoked. Programs that use it are refused from now on."));
    html(&KeysPage { notice, ..page(&app, &user, &headers).await? })
}

/// `POST /settings/keys`: answers with the page and, once, the key.
pub async fn make(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Error> {
    let all = |wanted: &'static str| fields.iter().filter(move |(field, _)| field == wanted).map(|(_, value)| value.as_str());
    let (name, life) = (all("name").next().unwrap_or_default().to_owned(), all("expires").next().unwrap_or(USUAL_LIFE));
    let chosen: Vec<&str> = all("scope").collect();
    match wish(&name, &chosen, life) {
        Ok(wish) => match create(&app, &user.id, &wish, Via::Web).await {
            Ok((key, text)) => {
                let made = Some(MadeKey { name: key.name, text });
                return html(&KeysPage { made, ..page(&app, &user, &headers).await? });
            }
            Err(Error::Invalid { field, words }) => again(&app, &user, &headers, &name, &chosen, life, (field, words)).await,
            Err(error) => Err(error),
        },
        Err(Error::Invalid { field, words }) => again(&app, &user, &headers, &name, &chosen, life, (field, words)).await,
        Err(error) => Err(error),
    }
}

fn wish(name: &str, scopes: &[&str], life: &str) -> Result<Wish, Error> {
    let days = if life.is_empty() { None } else { Some(life.parse().unwrap_or(0)) };
    Ok(Wish { name: name.to_owned(), scopes: Scopes::named(scopes.iter().copied())?, days })
}

/// The form once more, with what is to be corrected.
async fn again(
    app: &App,
    user: &User,
    headers: &HeaderMap,
    name: &str,
    chosen: &[&str],
    life: &str,
    (field, words): (&'static str, String),
) -> Result<Response, Error> {
    let mut page = page(app, user, headers).await?;
    name.clone_into(&mut page.name);
    page.scopes.iter_mut().for_each(|scope| scope.checked = chosen.contains(&scope.name));
    page.lives.iter_mut().for_each(|offered| offered.chosen = offered.days == life);
    if field == "scopes" {
        page.scopes_problem = Some(words);
    } else {
        page.name_problem = Some(words);
    }
    Ok((StatusCode::BAD_REQUEST, html(&page)?).into_response())
}

/// `GET /settings/keys/{id}/revoke`: the question.
pub async fn ask(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let key = store::owned(&mut *app.db.read().await?, &user.id, &id).await?;
    let last_used = key.last_used_at.map(|at| Time::at(at, app.now()));
    let panel = Revoke { id: key.id, name: key.name, hint: key.hint, last_used };
    if wants_fragment(&headers) {
        html(&RevokeFragment { panel })
    } else {
        html(&RevokePage { frame: SettingsFrame::new(&user, "keys"), panel })
    }
}

/// `POST /settings/keys/{id}/revoke`
pub async fn revoke(State(app): State<App>, CurrentUser { user, .. }: CurrentUser, Path(id): Path<String>) -> Result<Redirect, Error> {
    revoke::revoke(&app, &user.id, &id, Via::Web).await?;
    Ok(Redirect::to("/settings/keys?done=revoked"))
}

async fn page(app: &App, user: &User, headers: &HeaderMap) -> Result<KeysPage, Error> {
    let now = app.now();
    let keys = store::of_user(&mut *app.db.read().await?, &user.id).await?;
    Ok(KeysPage {
        frame: SettingsFrame::new(user, "keys"),
        notice: None,
        made: None,
        base: base_url(app, headers),
        name: String::new(),
        name_problem: None,
        scopes_problem: None,
        max_name: MAX_NAME_CHARS,
        scopes: Scope::ALL.map(|scope| ScopeChoice { name: scope.as_str(), words: scope.words(), checked: true }).into(),
        lives: LIVES.map(|(days, words)| LifeChoice { days, words, chosen: days == USUAL_LIFE }).into(),
        keys: keys.into_iter().map(|key| row(key, now)).collect(),
    })
}

fn row(key: ApiKey, now: i64) -> KeyRow {
    KeyRow {
        scopes: if key.scopes == Scopes::all() { "everything".to_owned() } else { key.scopes.names().join(", ") },
        created: Time::at(key.created_at, now),
        last_used: key.last_used_at.map(|at| Time::at(at, now)),
        expired: key.expires_at.is_some_and(|at| at <= now),
        expires: key.expires_at.map(|at| crate::pages::view::date(at).1),
        id: key.id,
        name: key.name,
        hint: key.hint,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_life_that_is_offered_can_be_had() {
        for (days, _) in LIVES {
            assert!(days.is_empty() || (1..=crate::api_keys::create::MAX_DAYS).contains(&days.parse().unwrap()));
        }
        assert!(LIVES.iter().any(|(days, _)| *days == USUAL_LIFE));
    }
}
