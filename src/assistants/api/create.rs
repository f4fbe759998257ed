//! `POST /v1/assistants`

use axum::Json;
use axum::extract::State;

use super::fields::{Fields, named, refuse_nul};
use super::object::Assistant;
use super::retrieve::read;
use crate::api::body::Body;
use crate::api::caller::{AssistantsWrite, Caller};
use crate::api::document::{ErrorBody, Refusals};
use crate::api::repeat::{Once, Sender};
use crate::app::App;
use crate::assistants::save;
use crate::assistants::version::Version;
use crate::audit::Via;
use crate::error::Error;

/// Make an assistant
///
/// A draft that nobody but you sees, unless you publish it.
///
/// Send an `Idempotency-Key` to make a repeat harmless, as with shared links.
#[utoipa::path(
    post, path = "/v1/assistants", operation_id = "createAssistant", tag = "Assistants",
    params(("Idempotency-Key" = Option<String>, Header, nullable = false, min_length = 1, max_length = 255, description = "Any text of your own that is the same for the repeat of a request, and for nothing else.")),
    request_body = Fields,
    responses(
        (status = 200, description = "The assistant.", body = Assistant),
        (status = 413, description = "A file over 1 MB, or a body over 24 MB.", body = ErrorBody),
        (status = 422, description = "The `Idempotency-Key` was sent with another body before.", body = ErrorBody),
        Refusals,
    ),
    security(("api_key" = ["assistants:write"])),
)]
pub async fn create(
    State(app): State<App>,
    Caller { user, .. }: Caller<AssistantsWrite>,
    sender: Sender,
    Body { fields, hash }: Body<Fields>,
) -> Result<Json<Assistant>, Error> {
    refuse_nul(&fields)?;
    if fields.restore_version.is_some() {
        return Err(Error::bad_param("restore_version", "A new assistant has no earlier version."));
    }
    let listed = fields.listed()? == Some(true);
    let wish = fields.wish(Version::default())?;
    let once = Once::new(&sender, "POST /v1/assistants", hash);
    let id = save::create(&app, &user, &wish, listed, once.as_ref(), Via::Api).await.map_err(named)?;
    Ok(Json(read(&app, &user.id, &id).await?))
}
