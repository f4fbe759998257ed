//! A copy of an assistant, for who may change it: the newest version, as a draft of one's own, without links.

use super::store;
use super::version::{MAX_NAME_CHARS, Version};
use crate::accounts::user::User;
use crate::app::App;
use crate::audit::{self, Via};
use crate::conversations::view::shortened;
use crate::error::Error;
use crate::ids;
use crate::write_tx;

/// Makes the copy; answers its id.
///
/// # Errors
/// [`Error::NotFound`] unless `editor` may change the original.
pub async fn duplicate(app: &App, editor: &User, id: &str, via: Via) -> Result<String, Error> {
    let now = app.now();
    write_tx!(app.db, "duplicate an assistant", |tx| {
        let original = store::editable(tx, &editor.id, id).await?;
        let Version { mut face, mut body, .. } = store::version(tx, id, original.newest).await?;
        let copy = ids::new("asst");
        store::insert(tx, &copy, &editor.id, now).await?;
        if !face.picture_id.is_empty() {
            let new_id = ids::new("file");
            store::copy_file(tx, id, &face.picture_id, &copy, &new_id, now).await?;
            face.picture_id = new_id;
        }
        for file in &mut body.knowledge {
            let new_id = ids::new("file");
            store::copy_file(tx, id, file, &copy, &new_id, now).await?;
            *file = new_id;
        }
        face.name = format!("{} (copy)", shortened(&face.name, MAX_NAME_CHARS - 7));
        store::insert_version(tx, &copy, &editor.id, &Version { number: 1, face, body, created_at: now }).await?;
        audit::record(tx, now, &editor.id, "assistant.created", &copy, via).await?;
        Ok(copy)
    })
}
