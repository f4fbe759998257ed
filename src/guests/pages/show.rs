//! The page: how the assistant introduces itself, and then the chat.

use axum::extract::State;
use axum::http::{HeaderMap, Method};
use axum::response::Response;

use super::{enter, seat};
use crate::accounts::sign_up_mode::{self, SignUpMode};
use crate::app::App;
use crate::assistants;
use crate::error::Error;
use crate::guests::cookie::Secret;
use crate::guests::show::{self, Visit};
use crate::http::auth::CurrentUser;
use crate::http::client::ClientAddress;
use crate::http::extract::Path;
use crate::links::views;

/// `GET /g/{token}`
pub async fn show(
    State(app): State<App>,
    method: Method,
    from: ClientAddress,
    visitor: Option<CurrentUser>,
    secret: Secret,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let link = enter(&app, &token, from).await?;
    let mut seat = seat(&app, &link, &secret, from).await?;
    let mut tx = app.db.read().await?;
    let face = assistants::store::given_out(&mut tx, &link.target_id).await?;
    let open = sign_up_mode::get(&mut tx).await? == SignUpMode::Open;
    drop(tx);
    let was_here = seat.conversation_id.is_some();
    if visitor.is_some() {
        // A member's chats are among their conversations.
        seat.conversation_id = None;
    }
    let visit = Visit {
        by: link.shared_by.clone(),
        member: visitor.is_some(),
        was_here,
        sign_up: open && visitor.is_none(),
        days: app.config.guest_days,
    };
    let picture = (!face.picture_id.is_empty()).then(|| format!("{}/picture", seat.base));
    let page = show::page(&app, &seat, face, picture, Some(visit)).await?;
    if method == Method::GET && views::is_a_person(&headers) && visitor.is_none_or(|visitor| visitor.user.id != link.owner_id) {
        app.views.count(&link.id, app.now());
    }
    Ok(page)
}
