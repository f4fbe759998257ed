//! `GET /v1/conversations/{conversation_id}/messages`

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::message::Message;
use crate::answers;
use crate::answers::recover::put_together;
use crate::api::caller::{Caller, ConversationsRead};
use crate::api::document::Refusals;
use crate::api::list::{List, Listing, Page};
use crate::app::App;
use crate::conversations::branch::{self, Node};
use crate::conversations::{store, stretch};
use crate::error::Error;
use crate::http::extract::Path;
use crate::storage::Tx;

/// Which messages.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// The message with which the branch ends; without it the current branch is meant.
    #[param(required = false, nullable = false)]
    leaf: Option<String>,
}

/// List the messages of a conversation
///
/// Those of one branch, newest first. What nobody is shown on the page (system prompts, hidden traffic of imports) is
/// left out.
#[utoipa::path(
    get, path = "/v1/conversations/{conversation_id}/messages", operation_id = "listMessages", tag = "Conversations",
    params(("conversation_id" = String, Path, description = "The conversation's id."), Page, Wanted),
    responses((status = 200, description = "A page of messages.", body = List<Message>), Refusals),
    security(("api_key" = ["conversations:read"])),
)]
pub async fn list(
    State(app): State<App>,
    Caller { user, .. }: Caller<ConversationsRead>,
    Path(id): Path<String>,
    Listing { place, wanted }: Listing<Wanted>,
) -> Result<Json<List<Message>>, Error> {
    let mut tx = app.db.read().await?;
    let current = store::owned(&mut tx, &user.id, &id).await?.current_message_id;
    if let Some(leaf) = &wanted.leaf {
        let unknown = || Error::bad_param("leaf", "The conversation has no such message.");
        branch::parent(&mut tx, &id, leaf).await.map_err(|error| if matches!(error, Error::NotFound) { unknown() } else { error })?;
    }
    let nodes = match (wanted.leaf.or(current), &place.cursor) {
        (Some(leaf), _) => stretch::page(&mut tx, &id, &leaf, &place).await?,
        (None, Some(cursor)) => return Err(cursor.unknown()),
        (None, None) => Vec::new(),
    };
    let found = load(&mut tx, &id, nodes).await?;
    Ok(Json(place.page(found, |message| &message.id, |message| message)))
}

/// What these messages say, in the same order. Whoever calls this got the nodes through the conversation, and that
/// through its owner.
pub async fn load(tx: &mut Tx, conversation_id: &str, nodes: Vec<Node>) -> Result<Vec<Message>, Error> {
    let ids: Vec<&str> = nodes.iter().map(|node| node.id.as_str()).collect();
    // Before the words: an answer that ends between the two questions is told as one that is still being written.
    let answers = answers::store::of(tx, &ids).await?;
    let mut found = Vec::with_capacity(nodes.len());
    for mut message in branch::with_bodies(tx, nodes).await? {
        let answer = answers.get(&message.id);
        if answer.is_some_and(answers::store::Answer::is_running) && message.parts.is_empty() {
            message.parts = put_together(answers::store::pieces(tx, &message.id, 0).await?);
        }
        found.push(Message::of(conversation_id, message, answer));
    }
    Ok(found)
}
