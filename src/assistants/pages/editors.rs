//! Who may change an assistant besides its owner.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::accounts::user::User;
use crate::app::App;
use crate::assistants::editors::{self, Editor};
use crate::assistants::store;
use crate::audit::Via;
use crate::conversations::sidebar::{self, AppFrame};
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::http::extract::{Path, Query};
use crate::http::form::Form;
use crate::pages::view::{Notice, html};

#[derive(Template)]
#[template(path = "assistants/editors.html")]
struct EditorsPage {
    frame: AppFrame,
    notice: Option<Notice>,
    problem: Option<String>,
    id: String,
    name: String,
    owner_name: String,
    /// Who looks is the owner.
    owned: bool,
    /// Who looks.
    own_id: String,
    editors: Vec<Editor>,
    /// What was typed.
    email: String,
}

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

/// Somebody's e-mail address.
#[derive(Debug, Deserialize)]
pub struct Address {
    #[serde(default)]
    email: String,
}

/// `GET /assistants/{id}/editors`
pub async fn show(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Path(id): Path<String>,
    Query(done): Query<Done>,
) -> Result<Response, Error> {
    let notice = match done.done.as_str() {
        "added" => Some(Notice::good("Added. They find it among their own assistants.")),
        "removed" => Some(Notice::good("They can’t change it any more.")),
        _ => None,
    };
    html(&page(&app, &user, id, notice, None, String::new()).await?)
}

/// `POST /assistants/{id}/editors`
pub async fn add(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Path(id): Path<String>,
    Form(Address { email }): Form<Address>,
) -> Result<Response, Error> {
    match editors::add(&app, &user, &id, &email, Via::Web).await {
        Ok(()) => Ok(Redirect::to(&format!("/assistants/{id}/editors?done=added")).into_response()),
        Err(Error::Invalid { words, .. }) => {
            let drawn = html(&page(&app, &user, id, None, Some(words), email).await?)?;
            Ok((StatusCode::BAD_REQUEST, drawn).into_response())
        }
        Err(error) => Err(error),
    }
}

/// `POST /assistants/{id}/editors/{user}/remove`
pub async fn remove(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Path((id, editor_id)): Path<(String, String)>,
) -> Result<Response, Error> {
    editors::remove(&app, &user, &id, &editor_id, Via::Web).await?;
    let to = if editor_id == user.id { "/assistants?done=left".to_owned() } else { format!("/assistants/{id}/editors?done=removed") };
    Ok(Redirect::to(&to).into_response())
}

async fn page(
    app: &App,
    user: &User,
    id: String,
    notice: Option<Notice>,
    problem: Option<String>,
    email: String,
) -> Result<EditorsPage, Error> {
    let mut tx = app.db.read().await?;
    let assistant = store::editable(&mut tx, &user.id, &id).await?;
    let name = store::version(&mut tx, &id, assistant.newest).await?.face.name;
    let editors = editors::all(&mut tx, &id).await?;
    drop(tx);
    Ok(EditorsPage {
        frame: sidebar::frame(app, user, None).await?,
        notice,
        problem,
        owned: assistant.owner_id == user.id,
        owner_name: assistant.owner_name,
        own_id: user.id.clone(),
        id,
        name,
        editors,
        email,
    })
}
