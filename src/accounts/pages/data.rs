//! Settings › Data controls: the way to the shared links, to the import, and what is here.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::app::App;
use crate::conversations;
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::links;
use crate::pages::view::{Count, Notice, SettingsFrame, html};

#[derive(Template)]
#[template(path = "settings/data.html")]
struct DataPage {
    frame: SettingsFrame,
    notice: Option<Notice>,
    links: Count,
    conversations: Count,
}

/// `GET /settings/data`
pub async fn show(State(app): State<App>, CurrentUser { user, .. }: CurrentUser) -> Result<Response, Error> {
    let mut tx = app.db.read().await?;
    let (links, _) = links::lists::totals(&mut tx, &user.id).await?;
    let conversations = conversations::store::count(&mut tx, &user.id).await?;
    drop(tx);
    html(&DataPage { frame: SettingsFrame::new(&user, "data"), notice: None, links: Count(links), conversations: Count(conversations) })
}
