//! `/v1/shared_links`: links for programs. Each file is an operation, named after what it does; they call the same
//! functions as the pages.

pub mod create;
pub mod delete;
pub mod list;
pub mod object;
pub mod retrieve;
pub mod update;

use utoipa::ToSchema;

use super::link::{Author, PAUSED};
use crate::error::Error;
use crate::ids;

/// The link's id, which may stand in the address with or without its prefix. What no id can be is no link.
fn id(text: &str) -> Result<String, Error> {
    let token = text.strip_prefix("link_").unwrap_or(text);
    ids::link_id_from_token(token).ok_or(Error::NotFound)
}

/// `anonymous` or `name`, in a body.
fn author(text: &str) -> Result<Author, Error> {
    match text {
        "anonymous" => Ok(Author::Anonymous),
        "name" => Ok(Author::Name),
        _ => Err(Error::bad_param("author", "This must be \"anonymous\" or \"name\".")),
    }
}

/// Who can open a link.
#[derive(ToSchema)]
#[schema(as = SharedLinkAccess, rename_all = "lowercase")]
#[expect(dead_code, reason = "for the document; the values are read as text, so that what is wrong with them can be said")]
enum Access {
    /// Whoever has the address.
    Anyone,
    /// Nobody, until you set it to `anyone` again. Only the link to an assistant can be paused.
    Paused,
}

/// `anyone` or `paused`, in a body: whether it is paused.
fn paused(text: &str) -> Result<bool, Error> {
    match text {
        "anyone" => Ok(false),
        PAUSED => Ok(true),
        _ => Err(Error::bad_param("access", "This must be \"anyone\" or, for the link to an assistant, \"paused\".")),
    }
}
