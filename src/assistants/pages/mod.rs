//! The pages of assistants, each file named after what its person does.

pub mod delete;
pub mod edit;
pub mod editor;
pub mod editors;
pub mod library;
pub mod picture;
pub mod preview;
pub mod start;
pub mod versions;

use super::version::mark;

/// What stands for an assistant beside its name.
#[derive(Clone, Debug)]
pub struct Portrait {
    /// Without a picture.
    pub mark: String,
    /// Where its picture is.
    pub picture: Option<String>,
}

impl Portrait {
    /// For members.
    pub fn of(assistant_id: &str, name: &str, emoji: &str, picture_id: &str) -> Self {
        let picture = (!picture_id.is_empty()).then(|| format!("/assistants/{assistant_id}/picture/{picture_id}"));
        Self { mark: mark(name, emoji), picture }
    }
}
