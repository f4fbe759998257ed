//! `GET /v1/conversations`

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::object::Conversation;
use crate::accounts::user::User;
use crate::api::caller::{Caller, ConversationsRead};
use crate::api::document::Refusals;
use crate::api::list::{List, Listing, Page, Place};
use crate::app::App;
use crate::conversations::store::{self, Detail};
use crate::error::Error;
use crate::search::{results, words};

/// Which conversations.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// Only conversations with all of these words in their title, or in one message. Of very many, those in which the
    /// words were said last.
    #[param(required = false, nullable = false)]
    q: Option<String>,
}

/// List your conversations
///
/// Newest first, on all branches; without their messages.
#[utoipa::path(
    get, path = "/v1/conversations", operation_id = "listConversations", tag = "Conversations",
    params(Page, Wanted),
    responses((status = 200, description = "A page of conversations.", body = List<Conversation>), Refusals),
    security(("api_key" = ["conversations:read"])),
)]
pub async fn list(
    State(app): State<App>,
    Caller { user, .. }: Caller<ConversationsRead>,
    Listing { place, wanted }: Listing<Wanted>,
) -> Result<Json<List<Conversation>>, Error> {
    let found = match wanted.q.as_deref().map(str::trim).filter(|question| !question.is_empty()) {
        Some(question) => search(&app, &user, question, &place).await?,
        None => store::page(&mut *app.db.read().await?, &user, &place).await?,
    };
    Ok(Json(place.page(found, |detail| &detail.id, Conversation::of)))
}

/// The page of those that a search finds. However many there are, they are few enough to be put in order here.
async fn search(app: &App, user: &User, question: &str, place: &Place) -> Result<Vec<Detail>, Error> {
    let terms = words::terms(question);
    if terms.is_empty() {
        return Err(Error::bad_param("q", "There is no letter or number in this to search for."));
    }
    let ids = results::conversations(app, user, &terms).await?;
    let mut tx = app.db.read().await?;
    let key = |detail: &Detail| (detail.created_at, detail.id.clone());
    let beside = match &place.cursor {
        Some(cursor) => Some(key(&store::beside(&mut tx, user, cursor).await?)),
        None => None,
    };
    let mut found = store::details(&mut tx, user, &ids).await?;
    let ascending = place.reads_ascending();
    found.retain(|detail| beside.as_ref().is_none_or(|beside| if ascending { key(detail) > *beside } else { key(detail) < *beside }));
    found.sort_unstable_by_key(key);
    if !ascending {
        found.reverse();
    }
    found.truncate(place.limit + 1);
    Ok(found)
}
