//! `POST /v1/shared_links/{link_id}`

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use serde::Deserialize;
use utoipa::ToSchema;

use super::create::Display;
use super::object::SharedLink;
use super::{Access, author, id, paused};
use crate::api::body::{Body, given};
use crate::api::caller::{Caller, SharedLinksWrite};
use crate::api::document::Refusals;
use crate::app::App;
use crate::audit::Via;
use crate::error::Error;
use crate::http::extract::Path;
use crate::links::expiry::Expiry;
use crate::links::lock::{Half, Wish};
use crate::links::pages::base_url;
use crate::links::publish::{self, Change};

/// What is to change; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = UpdateSharedLink)]
pub struct Update {
    /// The title on the page. The link to an assistant is called as the assistant is.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, min_length = 1, max_length = 200, example = "Campaign ideas")]
    title: Option<String>,
    /// Whether the page says your name.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Display>, nullable = false)]
    author: Option<String>,
    /// `latest` shows the conversation's current branch as it is now, at the same address, as the next revision.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Snapshot>, nullable = false)]
    snapshot: Option<String>,
    /// `paused` closes the link to an assistant, and `anyone` opens it again at the same address.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Access>, nullable = false)]
    access: Option<String>,
    /// When it ends by itself, in Unix seconds. Null: not by itself, so that a link that has ended opens again.
    #[schema(value_type = Option<i64>, required = false, example = 1_769_083_200)]
    #[serde(default)]
    expires_at: Expiry,
    /// How often the link to a conversation can be opened, views until now included. Null: as often as people like.
    #[serde(default)]
    #[schema(value_type = Option<i64>, required = false, minimum = 1, maximum = 1_000_000, example = 5)]
    max_views: Half<i64>,
    /// What visitors of a conversation type before they see anything. Null: nothing. Who has opened it has to do it again.
    #[serde(default)]
    #[schema(value_type = Option<String>, required = false, min_length = 10, max_length = 256, example = "quartz sphinx of black vow")]
    password: Half<String>,
    /// Whether visitors with an account here can continue a conversation as one of their own.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    allow_continue: Option<bool>,
}

/// Which messages the page is to show.
#[derive(ToSchema)]
#[schema(as = SharedLinkSnapshot, rename_all = "lowercase")]
#[expect(dead_code, reason = "for the document; the value is read as text, so that what is wrong with it can be said")]
enum Snapshot {
    /// Those of the conversation's current branch.
    Latest,
}

/// Change a link, or show the latest messages at its address
///
/// All of what is asked for happens, or nothing.
#[utoipa::path(
    post, path = "/v1/shared_links/{link_id}", operation_id = "updateSharedLink", tag = "Shared links",
    params(("link_id" = String, Path, description = "The link's id, or the last segment of its address.")),
    request_body = Update,
    responses(
        (status = 200, description = "The link as it is now.", body = SharedLink),
        (status = 413, description = "More than a link can show, or a body over 1 MB.", body = crate::api::document::ErrorBody),
        Refusals,
    ),
    security(("api_key" = ["shared_links:write"])),
)]
pub async fn update(
    State(app): State<App>,
    Caller { user, .. }: Caller<SharedLinksWrite>,
    Path(link_id): Path<String>,
    headers: HeaderMap,
    Body { fields, .. }: Body<Update>,
) -> Result<Json<SharedLink>, Error> {
    if fields.snapshot.as_deref().is_some_and(|snapshot| snapshot != "latest") {
        return Err(Error::bad_param("snapshot", "This can only be \"latest\"."));
    }
    let author = fields.author.as_deref().map(author).transpose()?;
    let paused = fields.access.as_deref().map(paused).transpose()?;
    let change = Change {
        title: fields.title.as_deref(),
        author,
        expiry: fields.expires_at,
        paused,
        lock: Wish { password: fields.password, max_views: fields.max_views },
        allow_continue: fields.allow_continue,
        latest: fields.snapshot.is_some(),
    };
    let link = publish::change(&app, &user, &id(&link_id)?, change, Via::Api).await?;
    Ok(Json(SharedLink::of(&base_url(&app, &headers), &user.name, &link, app.now())))
}
