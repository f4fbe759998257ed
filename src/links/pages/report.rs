//! Report a shared page to the people who run the server.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use crate::app::App;
use crate::error::Error;
use crate::http::extract::Path;
use crate::http::form::Form;
use crate::links::open::Visit;
use crate::links::report::{self, Reason};
use crate::pages::view::html;

#[derive(Template)]
#[template(path = "links/report.html")]
struct ReportPage {
    token: String,
    title: String,
    details: String,
    done: bool,
    problem: Option<String>,
}

/// What the form sends.
#[derive(Debug, Deserialize)]
pub struct Words {
    reason: Reason,
    #[serde(default)]
    details: String,
}

/// `GET /share/{token}/report`
pub async fn ask(State(app): State<App>, visit: Visit, Path(token): Path<String>) -> Result<Response, Error> {
    let link = visit.enter(&app, &token).await?;
    html(&ReportPage { token, title: link.title.clone(), details: String::new(), done: false, problem: None })
}

/// `POST /share/{token}/report`
pub async fn send(State(app): State<App>, visit: Visit, Path(token): Path<String>, Form(words): Form<Words>) -> Result<Response, Error> {
    let link = visit.enter(&app, &token).await?;
    app.limits.report(visit.from.key())?;
    report::send(&app, &link.id, words.reason, &words.details).await?;
    html(&ReportPage { token, title: link.title.clone(), details: String::new(), done: true, problem: None })
}
