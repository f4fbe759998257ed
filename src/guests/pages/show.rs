//! The page: how the assistant introduces itself, and then the chat.

use axum::extract::State;
use axum::http::{HeaderMap, Method};
use axum::response::Response;

use crate::accounts::sign_up_mode::{self, SignUpMode};
use crate::app::App;
use crate::assistants;
use crate::error::Error;
use crate::guests::door::Door;
use crate::guests::frames;
use crate::guests::show::{self, Visit};
use crate::http::extract::Path;
use crate::links::views;

/// `GET /g/{token}`, `GET /embed/g/{token}`
pub async fn show(
    State(app): State<App>,
    method: Method,
    door: Door,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let link = door.enter(&app, &token).await?;
    let mut seat = door.seat(&app, &link).await?;
    let mut tx = app.db.read().await?;
    let face = assistants::store::given_out(&mut tx, &link.target_id).await?;
    let open = sign_up_mode::get(&mut tx).await? == SignUpMode::Open;
    let frames = if door.framed { Some(frames::policy(&frames::of(&mut tx, &link.id).await?)?) } else { None };
    drop(tx);
    let was_here = seat.conversation_id.is_some();
    if door.member.is_some() {
        // A member's chats are among their conversations.
        seat.conversation_id = None;
    }
    let visit = Visit {
        by: link.shared_by.clone(),
        member: door.member.is_some(),
        was_here,
        sign_up: open && door.member.is_none() && !door.framed,
        days: app.config.guest_days,
        frames,
    };
    let picture = (!face.picture_id.is_empty()).then(|| format!("{}/picture", seat.base));
    let page = show::page(&app, &seat, face, picture, Some(visit)).await?;
    if method == Method::GET && views::is_a_person(&headers) && door.member.is_none_or(|member| member.user.id != link.owner_id) {
        app.views.count(&link.id, app.now());
    }
    Ok(page)
}
