//! All of a person's endpoints, and the form to make one.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::fields::{Fields, Typed};
use super::show::{self, Standing};
use crate::accounts::user::User;
use crate::app::App;
use crate::audit::Via;
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::http::extract::Query;
use crate::http::form::Form;
use crate::pages::view::{Notice, SettingsFrame, Time, html};
use crate::webhooks::event::EventType;
use crate::webhooks::manage::{self, MAX_ENDPOINTS};
use crate::webhooks::store;

#[derive(Template)]
#[template(path = "webhooks/list.html")]
struct WebhooksPage {
    frame: SettingsFrame,
    notice: Option<Notice>,
    rows: Vec<EndpointRow>,
    /// There are as many as one person may have.
    full: bool,
    most: i64,
    fields: Fields,
}

struct EndpointRow {
    id: String,
    name: String,
    url: String,
    standing: Standing,
    events: String,
    made: Time,
}

/// What was just done here.
#[derive(Debug, Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

/// `GET /settings/webhooks`
pub async fn show(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Query(Done { done }): Query<Done>,
) -> Result<Response, Error> {
    let notice = (done == "deleted").then(|| Notice::good("The webhook is deleted. Nothing is sent there any more."));
    html(&WebhooksPage { notice, ..page(&app, &user).await? })
}

/// `POST /settings/webhooks`: answers with the webhook's own page and, once, its secret.
pub async fn make(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Error> {
    let typed = Typed::of(pairs);
    let made = match typed.wish() {
        Ok(wish) => manage::create(&app, &user.id, &wish, Via::Web).await,
        Err(error) => Err(error),
    };
    match made {
        Ok((endpoint, secret)) => show::with_secret(&app, &user, &endpoint.id, &secret).await,
        Err(Error::Invalid { field, words }) => {
            let page = WebhooksPage { fields: Fields::again(&typed, field, words), ..page(&app, &user).await? };
            Ok((StatusCode::BAD_REQUEST, html(&page)?).into_response())
        }
        Err(error) => Err(error),
    }
}

async fn page(app: &App, user: &User) -> Result<WebhooksPage, Error> {
    let now = app.now();
    let all = store::of_user(&mut *app.db.read().await?, &user.id).await?;
    let row = |endpoint: crate::webhooks::endpoint::Endpoint| EndpointRow {
        standing: Standing::of(&endpoint, now),
        events: match endpoint.event_types.names() {
            all if all.len() == EventType::ALL.len() => "everything".to_owned(),
            some => some.join(", "),
        },
        made: Time::at(endpoint.created_at, now),
        id: endpoint.id,
        name: endpoint.name,
        url: endpoint.url,
    };
    Ok(WebhooksPage {
        frame: SettingsFrame::new(user, "webhooks"),
        notice: None,
        full: i64::try_from(all.len()).is_ok_and(|count| count >= MAX_ENDPOINTS),
        most: MAX_ENDPOINTS,
        rows: all.into_iter().map(row).collect(),
        fields: Fields::new(),
    })
}
