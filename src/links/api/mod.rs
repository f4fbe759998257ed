//! `/v1/shared_links`: links for programs. Each file is an operation, named after what it does; they call the same
//! functions as the pages.

pub mod create;
pub mod delete;
pub mod list;
pub mod object;
pub mod retrieve;
pub mod update;

use serde_json::Value;
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};

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

fn only_null() -> Object {
    ObjectBuilder::new().schema_type(Type::Null).description(Some("Only null in this version.")).build()
}

fn only_true() -> Object {
    ObjectBuilder::new().schema_type(Type::Boolean).enum_values(Some([true])).description(Some("Only true in this version.")).build()
}

/// What the API names but this version can't do yet. Refused aloud: a link that its owner believes closed must not be
/// open.
struct NotYet<'a> {
    max_views: Option<&'a Value>,
    password: Option<&'a Value>,
    allow_continue: Option<bool>,
}

impl NotYet<'_> {
    fn refuse(&self) -> Result<(), Error> {
        let refused = |param: &str, words: &str| Err(Error::bad_param(param, words));
        if self.max_views.is_some_and(|value| !value.is_null()) {
            return refused("max_views", "Views can't be limited in this version. Leave it out.");
        }
        if self.password.is_some_and(|value| !value.is_null()) {
            return refused("password", "Links can't have a password in this version. Leave it out.");
        }
        if self.allow_continue == Some(false) {
            return refused("allow_continue", "Continuing can't be switched off in this version. Leave it out.");
        }
        Ok(())
    }
}
