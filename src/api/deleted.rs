//! The answer to a delete.

use serde::Serialize;
use utoipa::ToSchema;

/// One object is gone.
#[derive(Debug, Serialize, ToSchema)]
pub struct Deleted {
    /// Which.
    pub id: String,
    /// The object's type and `.deleted`.
    #[schema(example = "shared_link.deleted")]
    pub object: &'static str,
    /// Always true.
    #[schema(example = true)]
    pub deleted: bool,
}

impl Deleted {
    /// `id` is gone.
    pub fn new(id: String, object: &'static str) -> Self {
        Self { id, object, deleted: true }
    }
}
