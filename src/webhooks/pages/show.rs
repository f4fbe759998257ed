//! One endpoint: how it stands, what it was told, and a test.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::fields::{EventChoice, Fields, Typed, choices};
use crate::accounts::user::User;
use crate::app::App;
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::http::extract::{Path, Query};
use crate::http::form::Form;
use crate::pages::view::{Count, Notice, SettingsFrame, Time, html};
use crate::providers::settings::Key;
use crate::webhooks::endpoint::{Delivery, Endpoint, Progress, State as EndpointState};
use crate::webhooks::event::EventType;
use crate::webhooks::send::Answer;
use crate::webhooks::{manage, store, trial};

/// Deliveries on a page.
const ON_PAGE: usize = 20;
/// What is tried again within this time is worth waiting for with the page open.
const SOON_MICROS: i64 = 15 * 1_000_000;

#[derive(Template)]
#[template(path = "webhooks/show.html")]
struct WebhookPage {
    frame: SettingsFrame,
    notice: Option<Notice>,
    id: String,
    name: String,
    url: String,
    hint: String,
    on: bool,
    standing: Standing,
    /// Shown once.
    secret: Option<String>,
    deliveries: Vec<DeliveryRow>,
    /// Something will have changed in a moment.
    stirs: bool,
    /// Where the next page begins.
    older: Option<String>,
    /// This isn't the first page.
    behind: bool,
    tests: Vec<EventChoice>,
    tested: Option<Notice>,
    fields: Fields,
}

/// How an endpoint stands, in a word and in a sentence.
pub(super) struct Standing {
    /// The tag's kind: `good`, `care` or nothing.
    pub(super) kind: &'static str,
    pub(super) word: &'static str,
    /// What there is to say besides.
    pub(super) words: Option<String>,
}

impl Standing {
    pub(super) fn of(endpoint: &Endpoint, now: i64) -> Self {
        let (kind, word, words) = match endpoint.state {
            EndpointState::On if endpoint.failing_since == 0 => ("good", "on", None),
            EndpointState::On => {
                let since = Time::at(endpoint.failing_since, now).exact;
                ("care", "failing", Some(format!("It has taken nothing since {since}. After five days it is switched off.")))
            }
            EndpointState::Off => ("", "paused", Some("Nothing is sent there. What happens meanwhile is not sent later.".to_owned())),
            EndpointState::Failing => ("care", "switched off", Some("It took nothing for five days, so it was switched off.".to_owned())),
            EndpointState::Gone => {
                ("care", "switched off", Some("It answered 410 Gone, which asks to be left alone, so it was switched off.".to_owned()))
            }
        };
        Self { kind, word, words }
    }
}

struct DeliveryRow {
    id: String,
    /// The event's name has a place where it can be broken.
    subject: String,
    verb: String,
    kind: &'static str,
    word: &'static str,
    /// The last answer, and what is said about it.
    outcome: String,
    attempts: Count,
    made: Time,
    next: Option<Time>,
    waiting: bool,
}

/// What the address says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    done: String,
    before: Option<String>,
}

/// `GET /settings/webhooks/{id}`
pub async fn show(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Path(id): Path<String>,
    Query(Asked { done, before }): Query<Asked>,
) -> Result<Response, Error> {
    let words = match done.as_str() {
        "changed" => Some("Saved. It holds from the next event on."),
        "on" => Some("It is on: what happens from now on is sent."),
        "off" => Some("It is paused: nothing is sent there until you switch it on."),
        "again" => Some("It is sent once more."),
        _ => None,
    };
    html(&WebhookPage { notice: words.map(Notice::good), ..page(&app, &user, &id, before.as_deref()).await? })
}

/// What the form of the test sends.
#[derive(Debug, Deserialize)]
pub struct Test {
    event_type: String,
}

/// `POST /settings/webhooks/{id}/test`: answers with the page and what the endpoint answered.
pub async fn test(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Path(id): Path<String>,
    Form(Test { event_type }): Form<Test>,
) -> Result<Response, Error> {
    let kind = EventType::parse(&event_type).ok_or_else(|| Error::invalid("event_type", "There is no such event."))?;
    let answer = trial::send_sample(&app, &user.id, &id, kind).await?;
    let tested = match answer {
        Answer::Status(status) if answer.is_good() => Notice::good(format!("It answered {status}: it took the test.")),
        Answer::Status(status) => {
            let words = if (300..400).contains(&status) { answer.words() } else { "An event would be sent again, later." };
            Notice { kind: "bad", text: format!("It answered {status}. {words}") }
        }
        Answer::None(words) => Notice { kind: "bad", text: words.to_owned() },
    };
    let mut page = page(&app, &user, &id, None).await?;
    page.tests.iter_mut().for_each(|choice| choice.checked = choice.name == kind.as_str());
    html(&WebhookPage { tested: Some(tested), ..page })
}

/// `POST /settings/webhooks/{id}/deliveries/{delivery}/again`
pub async fn again(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Path((id, delivery)): Path<(String, String)>,
) -> Result<Redirect, Error> {
    manage::send_again(&app, &user.id, &id, &delivery).await?;
    Ok(Redirect::to(&format!("/settings/webhooks/{id}?done=again")))
}

/// The page of an endpoint whose secret was just made.
pub(super) async fn with_secret(app: &App, user: &User, id: &str, secret: &Key) -> Result<Response, Error> {
    html(&WebhookPage { secret: Some(secret.expose().to_owned()), ..page(app, user, id, None).await? })
}

/// The page once more, with what is to be corrected in its form.
pub(super) async fn to_correct(app: &App, user: &User, id: &str, typed: &Typed, field: &str, words: String) -> Result<Response, Error> {
    let page = WebhookPage { fields: Fields::again(typed, field, words), ..page(app, user, id, None).await? };
    Ok((StatusCode::BAD_REQUEST, html(&page)?).into_response())
}

async fn page(app: &App, user: &User, id: &str, before: Option<&str>) -> Result<WebhookPage, Error> {
    let now = app.now();
    let mut tx = app.db.read().await?;
    let endpoint = store::owned(&mut tx, &user.id, id).await?;
    let cursor = match before {
        Some(before) => Some(store::delivery(&mut tx, &endpoint, before).await?),
        None => None,
    };
    let limit = i64::try_from(ON_PAGE + 1).unwrap_or(i64::MAX);
    let mut found = store::deliveries(&mut tx, &endpoint, cursor.as_ref(), false, limit).await?;
    drop(tx);
    let more = found.len() > ON_PAGE;
    found.truncate(ON_PAGE);
    Ok(WebhookPage {
        frame: SettingsFrame::new(user, "webhooks"),
        notice: None,
        on: endpoint.state == EndpointState::On,
        standing: Standing::of(&endpoint, now),
        secret: None,
        stirs: found.iter().any(|delivery| delivery.state == Progress::Waiting && delivery.next_at < now + SOON_MICROS),
        older: found.last().filter(|_| more).map(|last| last.id.clone()),
        behind: before.is_some(),
        deliveries: found.into_iter().map(|delivery| row(delivery, now)).collect(),
        tests: choices(|kind| kind == EventType::Created),
        tested: None,
        fields: Fields::of(&endpoint),
        id: endpoint.id,
        name: endpoint.name,
        url: endpoint.url,
        hint: endpoint.hint,
    })
}

fn row(delivery: Delivery, now: i64) -> DeliveryRow {
    let waiting = delivery.state == Progress::Waiting;
    let (kind, word) = match delivery.state {
        Progress::Delivered => ("good", "delivered"),
        Progress::Failed => ("care", "given up"),
        Progress::Waiting if delivery.attempts > 0 => ("care", "tried again later"),
        Progress::Waiting => ("", "on its way"),
    };
    let status = (delivery.last_status > 0).then(|| format!("It answered {}.", delivery.last_status));
    // The words about a redirect name it themselves.
    let words = Some(delivery.problem).filter(|words| !words.is_empty());
    let (subject, verb) = delivery.event_type.split_once('.').unwrap_or((&delivery.event_type, ""));
    DeliveryRow {
        subject: subject.to_owned(),
        verb: verb.to_owned(),
        id: delivery.id,
        kind,
        word,
        outcome: words.or(status).unwrap_or_default(),
        attempts: Count(delivery.attempts),
        made: Time::at(delivery.created_at, now),
        next: waiting.then(|| next(delivery.next_at, now)),
        waiting,
    }
}

/// What is due within a minute is not over: the moment itself reads as "just now".
fn next(at: i64, now: i64) -> Time {
    let time = Time::at(at, now);
    if at - now < 60_000_000 { Time { relative: "in a moment".to_owned(), ..time } } else { time }
}
