//! Choosing a file, watching it come in, reading what came of it.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};

use super::report::{LeftOut, Report};
use super::store::{self, Running};
use super::upload::Incoming;
use super::{background, upload};
use crate::accounts::user::User;
use crate::app::App;
use crate::audit::Via;
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::http::extract::Path;
use crate::pages::view::{Count, SettingsFrame, html};

#[derive(Template)]
#[template(path = "transfer/import.html")]
struct ImportPage {
    frame: SettingsFrame,
    problem: Option<String>,
    limit: String,
}

#[derive(Template)]
#[template(path = "transfer/progress.html")]
struct ProgressPage {
    frame: SettingsFrame,
    panel: Progress,
}

#[derive(Template)]
#[template(path = "transfer/_progress.html")]
struct ProgressFragment {
    panel: Progress,
}

struct Progress {
    file_name: String,
    source: String,
    running: bool,
    /// 0 to 100.
    percent: i64,
    conversations: Count,
    grown: Count,
    messages: Count,
    /// Pictures and attachments.
    files: Count,
    already: Count,
    failed: Option<String>,
    left_out: Vec<LeftOut>,
    notes: Vec<String>,
    /// The newest conversation in the file.
    newest: Option<String>,
}

/// `GET /import`
pub async fn choose(State(app): State<App>, CurrentUser { user, .. }: CurrentUser) -> Result<Response, Error> {
    form(&app, &user, None)
}

/// `POST /import`: receives the file and begins.
pub async fn send(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    form_data: Result<Incoming, Error>,
) -> Result<Response, Error> {
    let id = match form_data {
        Ok(incoming) => background::receive(&app, &user, incoming, Via::Web).await,
        Err(error) => Err(error),
    };
    match id {
        Ok(id) => Ok(Redirect::to(&format!("/import/{id}")).into_response()),
        Err(error @ (Error::Invalid { .. } | Error::TooLarge(_))) => {
            let problem = error.problem();
            Ok((problem.status, form(&app, &user, Some(problem.words))?).into_response())
        }
        Err(error) => Err(error),
    }
}

/// `GET /import/{id}`: how far it is, then the report.
pub async fn progress(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let import = store::import(&mut *app.db.read().await?, &user.id, &id, app.now()).await?;
    let panel = panel(import)?;
    if headers.contains_key("x-fragment") {
        return html(&ProgressFragment { panel });
    }
    html(&ProgressPage { frame: SettingsFrame::new(&user, "data"), panel })
}

fn form(app: &App, user: &User, problem: Option<String>) -> Result<Response, Error> {
    html(&ImportPage { frame: SettingsFrame::new(user, "data"), problem, limit: upload::limit(&app.config) })
}

fn panel(import: Running) -> Result<Progress, Error> {
    let report: Report = serde_json::from_str(&import.report)?;
    let count = |number: u64| Count(i64::try_from(number).unwrap_or(i64::MAX));
    let interrupted = || "The server was stopped before the file was through. Import the file again; nothing is doubled.".to_owned();
    Ok(Progress {
        running: import.state == "running",
        percent: import.done_bytes.saturating_mul(100).checked_div(import.total_bytes).unwrap_or(0).clamp(0, 100),
        conversations: count(report.counts.conversations),
        grown: count(report.counts.grown),
        messages: count(report.counts.messages),
        files: count(report.counts.images + report.counts.files),
        already: count(report.counts.unchanged),
        failed: if import.state == "interrupted" { Some(interrupted()) } else { report.failed },
        left_out: report.left_out,
        notes: report.counts.notes,
        newest: report.newest,
        source: report.source,
        file_name: import.file_name,
    })
}
