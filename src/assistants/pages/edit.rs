//! The editor: new, changed, published, duplicated, listed.

use axum::extract::State;
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::editor::{Fields, page};
use crate::accounts::user::User;
use crate::app::App;
use crate::assistants::form::{self, Wish};
use crate::assistants::save::{self, Change};
use crate::assistants::store::Assistant;
use crate::assistants::{duplicate, store};
use crate::audit::Via;
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::http::extract::{Path, Query};
use crate::http::form::Form;
use crate::pages::view::{Notice, html};

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

impl Done {
    fn notice(&self) -> Option<Notice> {
        let text = match self.done.as_str() {
            "saved" => "Saved as a draft. Only editors see it until it is published.",
            "published" => "Published.",
            "restored" => "Restored as the newest version. It is a draft until you publish it.",
            "duplicated" => "This is your copy. It is a draft until you publish it.",
            "listed" => "It is listed for the members of this server.",
            "unlisted" => "It is listed no more. Conversations that people had with it stay readable.",
            _ => return None,
        };
        Some(Notice::good(text))
    }
}

/// `GET /assistants/new`
pub async fn ask_new(State(app): State<App>, CurrentUser { user, .. }: CurrentUser) -> Result<Response, Error> {
    html(&page(&app, &user, None, Fields::default(), None, None).await?)
}

/// `POST /assistants`
pub async fn create(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    headers: HeaderMap,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, Error> {
    let wish = form::receive(&app.pdfs, form).await?;
    match save::create(&app, &user, &wish, false, None, Via::Web).await {
        Ok(id) => Ok(saved(&id, &wish)),
        Err(error) => again(&app, &user, None, wish, error, &headers).await,
    }
}

/// `GET /assistants/{id}/edit`
pub async fn ask(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Path(id): Path<String>,
    Query(done): Query<Done>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let mut tx = app.db.read().await?;
    let assistant = store::editable(&mut tx, &user.id, &id).await?;
    let fields = Fields::of(store::version(&mut tx, &id, assistant.newest).await?);
    drop(tx);
    let page = page(&app, &user, Some(&assistant), fields, done.notice(), None).await?;
    html(&page.with_links(&app, &user, &headers).await?)
}

/// `POST /assistants/{id}/edit`
pub async fn send(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Path(id): Path<String>,
    headers: HeaderMap,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, Error> {
    let assistant = store::editable(&mut *app.db.read().await?, &user.id, &id).await?;
    let wish = form::receive(&app.pdfs, form).await?;
    let change = Change { wish: Some(&wish), publish: wish.publish, ..Change::default() };
    match save::change(&app, &user, &id, change, Via::Web).await {
        Ok(()) => Ok(saved(&id, &wish)),
        Err(error) => again(&app, &user, Some(&assistant), wish, error, &headers).await,
    }
}

/// `POST /assistants/{id}/publish`
pub async fn publish(State(app): State<App>, CurrentUser { user, .. }: CurrentUser, Path(id): Path<String>) -> Result<Response, Error> {
    save::change(&app, &user, &id, Change { publish: true, ..Change::default() }, Via::Web).await?;
    Ok(Redirect::to(&format!("/assistants/{id}/edit?done=published")).into_response())
}

/// `POST /assistants/{id}/duplicate`
pub async fn copy(State(app): State<App>, CurrentUser { user, .. }: CurrentUser, Path(id): Path<String>) -> Result<Response, Error> {
    let copy = duplicate::duplicate(&app, &user, &id, Via::Web).await?;
    Ok(Redirect::to(&format!("/assistants/{copy}/edit?done=duplicated")).into_response())
}

/// Who sees it in the library.
#[derive(Debug, Deserialize)]
pub struct Visibility {
    #[serde(default)]
    listed: String,
}

/// `POST /assistants/{id}/visibility`
pub async fn list(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Path(id): Path<String>,
    Form(wanted): Form<Visibility>,
) -> Result<Response, Error> {
    let listed = wanted.listed == "true";
    save::change(&app, &user, &id, Change { listed: Some(listed), ..Change::default() }, Via::Web).await?;
    let done = if listed { "listed" } else { "unlisted" };
    Ok(Redirect::to(&format!("/assistants/{id}/edit?done={done}#share")).into_response())
}

fn saved(id: &str, wish: &Wish) -> Response {
    let done = if wish.publish { "published" } else { "saved" };
    Redirect::to(&format!("/assistants/{id}/edit?done={done}")).into_response()
}

/// The form once more, with what is to be corrected.
async fn again(
    app: &App,
    user: &User,
    assistant: Option<&Assistant>,
    wish: Wish,
    error: Error,
    headers: &HeaderMap,
) -> Result<Response, Error> {
    let Error::Invalid { words, .. } = error else { return Err(error) };
    let page = page(app, user, assistant, Fields::sent(wish), None, Some(words)).await?;
    let drawn = html(&page.with_links(app, user, headers).await?)?;
    Ok((StatusCode::BAD_REQUEST, drawn).into_response())
}
