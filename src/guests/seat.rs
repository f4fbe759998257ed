//! Where somebody talks to an assistant without it being one of their conversations: an editor who tries it.

use super::place::{Known, Place};
use super::store;
use crate::accounts;
use crate::accounts::user::User;
use crate::app::App;
use crate::assistants;
use crate::assistants::voice::Voice;
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::ids;

/// A guest's chat with one assistant.
#[derive(Clone, Debug)]
pub struct Seat {
    /// Who owns it.
    pub guest: User,
    /// How they are known.
    pub place: Place,
    /// With which assistant.
    pub assistant_id: String,
    /// Nothing was said yet: `None`.
    pub conversation_id: Option<String>,
    /// The address of its page; what is sent goes below it.
    pub base: String,
    /// The editor's session.
    pub session_id: Option<String>,
}

impl Seat {
    /// An editor's, beside the form.
    ///
    /// # Errors
    /// As [`assistants::store::editable`].
    pub async fn of_editor(app: &App, editor: &CurrentUser, assistant_id: &str) -> Result<Self, Error> {
        let mut tx = app.db.read().await?;
        assistants::store::editable(&mut tx, &editor.user.id, assistant_id).await?;
        let known = Known::Editor(editor.user.id.clone());
        let guest = store::find(&mut tx, &known, assistant_id).await?;
        let is_new = guest.is_none();
        let (guest, conversation_id) =
            guest.map_or_else(|| (store::user(ids::new("user")), None), |guest| (guest.user, guest.conversation_id));
        Ok(Self {
            guest,
            place: Place { known, is_new },
            assistant_id: assistant_id.to_owned(),
            conversation_id,
            base: format!("/assistants/{assistant_id}/preview"),
            session_id: Some(editor.session_id.clone()),
        })
    }
}

/// Who speaks to this guest.
///
/// # Errors
/// [`Error::NotFound`] if the assistant isn't there for them any more.
pub async fn voice(app: &App, guest: &User) -> Result<Voice, Error> {
    let (known, assistant_id) = store::known(&mut *app.db.read().await?, &guest.id).await?;
    of(app, Place { known, is_new: false }, &assistant_id).await
}

/// Who speaks to somebody at this place.
///
/// # Errors
/// As [`voice`].
pub async fn of(app: &App, place: Place, assistant_id: &str) -> Result<Voice, Error> {
    let Known::Editor(editor_id) = &place.known;
    let editor = accounts::store::by_id(&mut *app.db.read().await?, editor_id).await?;
    Ok(Voice { guest: Some(place), ..Voice::tried(app, &editor, assistant_id).await? })
}
