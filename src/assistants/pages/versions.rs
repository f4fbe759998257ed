//! All versions of an assistant: compared with the newest, and restored.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};

use crate::app::App;
use crate::assistants::version::Version;
use crate::assistants::{knowledge, save, store};
use crate::audit::Via;
use crate::conversations::sidebar::{self, AppFrame};
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::http::extract::Path;
use crate::pages::view::{Time, html};
use crate::storage::Tx;

/// The most versions that the list shows.
const SHOWN: i64 = 200;

#[derive(Template)]
#[template(path = "assistants/versions.html")]
struct VersionsPage {
    frame: AppFrame,
    id: String,
    name: String,
    rows: Vec<Row>,
}

struct Row {
    number: i64,
    name: String,
    saved_by: Option<String>,
    time: Time,
    published: bool,
    newest: bool,
}

#[derive(Template)]
#[template(path = "assistants/compare.html")]
struct ComparePage {
    frame: AppFrame,
    id: String,
    name: String,
    number: i64,
    newest: i64,
    time: Time,
    changed: Vec<Difference>,
    same: String,
}

struct Difference {
    what: &'static str,
    then: String,
    now: String,
}

/// `GET /assistants/{id}/versions`
pub async fn list(State(app): State<App>, CurrentUser { user, .. }: CurrentUser, Path(id): Path<String>) -> Result<Response, Error> {
    let mut tx = app.db.read().await?;
    let assistant = store::editable(&mut tx, &user.id, &id).await?;
    let rows = store::versions(&mut tx, &id, SHOWN).await?;
    drop(tx);
    let now = app.now();
    let name = rows.first().map(|row| row.name.clone()).unwrap_or_default();
    let rows = rows.into_iter().map(|row| Row {
        time: Time::at(row.created_at, now),
        published: row.number == assistant.published,
        newest: row.number == assistant.newest,
        number: row.number,
        name: row.name,
        saved_by: row.saved_by,
    });
    html(&VersionsPage { frame: sidebar::frame(&app, &user, None).await?, rows: rows.collect(), id, name })
}

/// `GET /assistants/{id}/versions/{number}`: what is different in the newest.
pub async fn compare(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Path((id, number)): Path<(String, i64)>,
) -> Result<Response, Error> {
    let mut tx = app.db.read().await?;
    let assistant = store::editable(&mut tx, &user.id, &id).await?;
    let then = store::version(&mut tx, &id, number).await?;
    let now = store::version(&mut tx, &id, assistant.newest).await?;
    let (before, after) = (lines(&mut tx, &id, &then).await?, lines(&mut tx, &id, &now).await?);
    drop(tx);
    let pairs = before.into_iter().zip(after).map(|((what, then), (_, now))| Difference { what, then, now });
    let (changed, same): (Vec<Difference>, Vec<Difference>) = pairs.partition(|pair| pair.then != pair.now);
    html(&ComparePage {
        frame: sidebar::frame(&app, &user, None).await?,
        time: Time::at(then.created_at, app.now()),
        name: now.face.name,
        newest: now.number,
        same: same.iter().map(|pair| pair.what.to_lowercase()).collect::<Vec<_>>().join(", "),
        id,
        number,
        changed,
    })
}

/// `POST /assistants/{id}/versions/{number}/restore`
pub async fn restore(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Path((id, number)): Path<(String, i64)>,
) -> Result<Response, Error> {
    save::restore(&app, &user, &id, number, Via::Web).await?;
    Ok(Redirect::to(&format!("/assistants/{id}/edit?done=restored")).into_response())
}

/// A version as lines to be compared.
async fn lines(tx: &mut Tx, id: &str, version: &Version) -> Result<Vec<(&'static str, String)>, Error> {
    let files = knowledge::of(tx, id, version).await?;
    let Version { face, body, .. } = version;
    Ok(vec![
        ("Name", face.name.clone()),
        ("Emoji", face.emoji.clone()),
        ("Picture", if face.picture_id.is_empty() { String::new() } else { format!("Picture {}", &face.picture_id) }),
        ("Description", face.description.clone()),
        ("Instructions", body.instructions.clone()),
        ("Conversation starters", body.starters.join("\n")),
        ("Model", body.model_id.clone()),
        ("Temperature", version.temperature().map(|warmth| warmth.to_string()).unwrap_or_default()),
        ("Knowledge", files.into_iter().map(|file| file.name).collect::<Vec<_>>().join("\n")),
    ])
}
