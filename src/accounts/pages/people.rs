//! Settings › People: for administrators.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::accounts::sign_up_mode::{self, SignUpMode};
use crate::accounts::user::{Account, Role, User};
use crate::accounts::visitor::Visitor;
use crate::accounts::{invite, people, reset, store};
use crate::app::App;
use crate::audit::Via;
use crate::error::Error;
use crate::http::auth::Admin;
use crate::http::extract::{Path, Query};
use crate::http::form::Form;
use crate::links::link::{self, TargetType};
use crate::links::pages::base_url;
use crate::links::report::{self, Report};
use crate::pages::view::{Notice, SettingsFrame, Time, html};

/// People on one page.
const PAGE: usize = 100;
/// Reports that show.
const REPORTS: i64 = 100;

#[derive(Template)]
#[template(path = "people/list.html")]
struct PeoplePage {
    frame: SettingsFrame,
    notice: Option<Notice>,
    people: Vec<Person>,
    more: Option<String>,
    sign_up: &'static str,
    made: Option<MadeAddress>,
    invite_email: String,
    invite_problem: Option<String>,
    reports: Vec<ReportRow>,
}

/// A one-time link that was just made: it is shown once.
struct MadeAddress {
    kind: &'static str,
    whom: String,
    url: String,
    expires: &'static str,
}

struct Person {
    id: String,
    name: String,
    email: String,
    initials: String,
    admin: bool,
    disabled: bool,
    you: bool,
    joined: Time,
    last_seen: Option<Time>,
}

struct ReportRow {
    title: String,
    url: Option<String>,
    reason: String,
    details: String,
    time: Time,
}

/// What the address says: the person that the list goes on behind, and what was just done.
#[derive(Debug, Default, Deserialize)]
pub struct Filter {
    after: Option<String>,
    #[serde(default)]
    done: String,
}

/// What the form for an invitation sends.
#[derive(Deserialize)]
pub struct Invitation {
    #[serde(default)]
    email: String,
}

/// What the form for the sign-up sends.
#[derive(Deserialize)]
pub struct Mode {
    mode: String,
}

/// What the form for a role sends.
#[derive(Deserialize)]
pub struct Administration {
    admin: bool,
}

/// `GET /settings/people`
pub async fn show(State(app): State<App>, Admin(user): Admin, Query(filter): Query<Filter>) -> Result<Response, Error> {
    let words = match filter.done.as_str() {
        "signup" => Some("Saved. It holds from now on."),
        "disabled" => Some("The account is disabled. They are signed out everywhere, and their links are closed."),
        "enabled" => Some("The account is enabled again, and so are its links."),
        "role" => Some("Saved. It holds from their next click on."),
        _ => None,
    };
    let page = page(&app, &user, filter.after.as_deref()).await?;
    html(&PeoplePage { notice: words.map(Notice::good), ..page })
}

/// `POST /settings/people/invite`: answers with the page and, once, the link.
pub async fn invite(
    State(app): State<App>,
    Admin(user): Admin,
    visitor: Visitor,
    headers: HeaderMap,
    Form(Invitation { email }): Form<Invitation>,
) -> Result<Response, Error> {
    app.limits.password(&user.id, visitor.key)?;
    let made = invite::make(&app, &user.id, &email, Via::Web).await;
    let page = page(&app, &user, None).await?;
    match made {
        Ok(path) => {
            let url = format!("{}{path}", base_url(&app, &headers));
            html(&PeoplePage {
                made: Some(MadeAddress { kind: "invite", whom: email.trim().to_owned(), url, expires: "in 7 days" }),
                ..page
            })
        }
        Err(Error::Invalid { words, .. }) => {
            Ok((StatusCode::BAD_REQUEST, html(&PeoplePage { invite_email: email, invite_problem: Some(words), ..page })?).into_response())
        }
        Err(error) => Err(error),
    }
}

/// `POST /settings/people/{id}/reset`: answers with the page and, once, the link.
pub async fn reset(
    State(app): State<App>,
    Admin(user): Admin,
    visitor: Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    app.limits.password(&user.id, visitor.key)?;
    let path = reset::make(&app, Some(&user.id), &id, Via::Web).await?;
    let whom = store::by_id(&mut *app.db.read().await?, &id).await?.name;
    let url = format!("{}{path}", base_url(&app, &headers));
    let page = page(&app, &user, None).await?;
    html(&PeoplePage { made: Some(MadeAddress { kind: "reset", whom, url, expires: "in 24 hours" }), ..page })
}

/// `POST /settings/people/signup`: who may sign up.
pub async fn sign_up(State(app): State<App>, Admin(user): Admin, Form(Mode { mode }): Form<Mode>) -> Result<Redirect, Error> {
    sign_up_mode::set(&app, &user.id, SignUpMode::parse(&mode)?, Via::Web).await?;
    Ok(Redirect::to("/settings/people?done=signup"))
}

/// `POST /settings/people/{id}/disable`
pub async fn disable(State(app): State<App>, Admin(user): Admin, Path(id): Path<String>) -> Result<Response, Error> {
    done(&app, &user, people::disable(&app, &user.id, &id, Via::Web).await, "disabled").await
}

/// `POST /settings/people/{id}/enable`
pub async fn enable(State(app): State<App>, Admin(user): Admin, Path(id): Path<String>) -> Result<Response, Error> {
    done(&app, &user, people::enable(&app, &user.id, &id, Via::Web).await, "enabled").await
}

/// `POST /settings/people/{id}/role`
pub async fn role(
    State(app): State<App>,
    Admin(user): Admin,
    Path(id): Path<String>,
    Form(Administration { admin }): Form<Administration>,
) -> Result<Response, Error> {
    let role = if admin { Role::Admin } else { Role::Member };
    done(&app, &user, people::set_role(&app, &user.id, &id, role, Via::Web).await, "role").await
}

/// On to the list, or the list with what is in the way.
async fn done(app: &App, user: &User, outcome: Result<(), Error>, what: &str) -> Result<Response, Error> {
    match outcome {
        Ok(()) => Ok(Redirect::to(&format!("/settings/people?done={what}")).into_response()),
        Err(Error::Invalid { words, .. }) => {
            let notice = Some(Notice { kind: "bad", text: words });
            Ok((StatusCode::BAD_REQUEST, html(&PeoplePage { notice, ..page(app, user, None).await? })?).into_response())
        }
        Err(error) => Err(error),
    }
}

async fn page(app: &App, user: &User, after: Option<&str>) -> Result<PeoplePage, Error> {
    let now = app.now();
    let mut tx = app.db.read().await?;
    // One more than shows tells whether there are more.
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut accounts = store::accounts(&mut tx, after, limit).await?;
    let has_more = accounts.len() > PAGE;
    accounts.truncate(PAGE);
    Ok(PeoplePage {
        frame: SettingsFrame::new(user, "people"),
        notice: None,
        more: accounts.last().filter(|_| has_more).map(|last| format!("/settings/people?after={}", last.id)),
        people: accounts.into_iter().map(|account| person(account, user, now)).collect(),
        sign_up: sign_up_mode::get(&mut tx).await?.as_str(),
        made: None,
        invite_email: String::new(),
        invite_problem: None,
        reports: report::newest(&mut tx, REPORTS).await?.into_iter().map(|report| report_row(report, now)).collect(),
    })
}

fn person(account: Account, user: &User, now: i64) -> Person {
    Person {
        initials: initials(&account.name),
        admin: account.role == Role::Admin.as_str(),
        disabled: account.disabled_at.is_some(),
        you: account.id == user.id,
        joined: Time::at(account.created_at, now),
        last_seen: account.last_seen_at.map(|at| Time::at(at, now)),
        id: account.id,
        name: account.name,
        email: account.email,
    }
}

fn report_row(report: Report, now: i64) -> ReportRow {
    ReportRow {
        url: Some(link::path(TargetType::Conversation, &report.link_id)),
        title: report.title,
        reason: report.reason,
        details: report.details,
        time: Time::at(report.created_at, now),
    }
}

/// The first letters of the first and the last word of a name.
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let letters = [words.next(), words.next_back()].into_iter().flatten().filter_map(|word| word.chars().next());
    letters.flat_map(char::to_uppercase).collect()
}
