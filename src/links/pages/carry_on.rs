//! Continue this conversation.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};

use crate::accounts::sign_up_mode::{self, SignUpMode};
use crate::app::App;
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::http::extract::Path;
use crate::links::carry_on;
use crate::links::open::Visit;
use crate::pages::view::html;

#[derive(Template)]
#[template(path = "links/carry_on.html")]
struct CarryOn {
    token: String,
    title: String,
    signed_in: Option<String>,
    sign_up_open: bool,
}

/// `GET /share/{token}/continue`: how to get in for a person who is signed out, one button for one who is signed in.
pub async fn ask(State(app): State<App>, visit: Visit, visitor: Option<CurrentUser>, Path(token): Path<String>) -> Result<Response, Error> {
    let link = visit.enter(&app, &token).await?;
    let sign_up_open = sign_up_mode::get(&mut *app.db.read().await?).await? == SignUpMode::Open;
    html(&CarryOn { token, title: link.title.clone(), signed_in: visitor.map(|visitor| visitor.user.name), sign_up_open })
}

/// `POST /share/{token}/continue`: makes the copy and opens it.
pub async fn copy(
    State(app): State<App>,
    visit: Visit,
    visitor: Option<CurrentUser>,
    Path(token): Path<String>,
) -> Result<Response, Error> {
    let link = visit.enter(&app, &token).await?;
    match visitor {
        Some(visitor) => {
            let id = carry_on::carry_on(&app, &visitor.user, &link).await?;
            Ok(Redirect::to(&format!("/c/{id}")).into_response())
        }
        None => Ok(Redirect::to(&format!("/share/{token}/continue")).into_response()),
    }
}
