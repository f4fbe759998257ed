//! What visitors of a link to an assistant may take.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use super::assistant;
use crate::app::App;
use crate::audit::{self, Via};
use crate::error::Error;
use crate::guests::caps::{self, Caps};
use crate::http::auth::CurrentUser;
use crate::http::extract::Path;
use crate::http::form::Form;
use crate::links::store;
use crate::write_tx;

/// `POST /links/{id}/caps`
pub async fn save(
    State(app): State<App>,
    CurrentUser { user, .. }: CurrentUser,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(wanted): Form<Caps>,
) -> Result<Response, Error> {
    wanted.check()?;
    let now = app.now();
    let link = write_tx!(app.db, "set the caps of a link", |tx| {
        let link = store::lock_owned(tx, &user.id, &id).await?;
        // A link to a conversation has none.
        caps::of(tx, &id).await.map_err(|_| Error::NotFound)?;
        caps::set(tx, &id, &wanted).await?;
        audit::record(tx, now, &user.id, "shared_link.updated", &id, Via::Web).await?;
        Ok(link)
    })?;
    assistant::shown(&app, &user, &link.target_id, None, &headers).await
}
