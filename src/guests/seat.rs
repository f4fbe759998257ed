//! Where somebody talks to an assistant without it being one of their conversations: an editor who tries it, and a guest.

use super::place::{Came, Known, Place};
use super::{caps, cookie, store};
use crate::accounts;
use crate::accounts::user::User;
use crate::app::App;
use crate::assistants;
use crate::assistants::voice::{Voice, With};
use crate::error::Error;
use crate::http::auth::CurrentUser;
use crate::http::client::ClientAddress;
use crate::ids;
use crate::links::link::{OpenLink, TargetType};

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
        let guest = store::of_editor(&mut tx, &editor.user.id, assistant_id).await?;
        let place = Place { known: Known::Editor(editor.user.id.clone()), is_new: guest.is_none(), came: None };
        let (guest, conversation_id) = who(guest);
        Ok(Self {
            guest,
            place,
            assistant_id: assistant_id.to_owned(),
            conversation_id,
            base: format!("/assistants/{assistant_id}/preview"),
            session_id: Some(editor.session_id.clone()),
        })
    }

    /// A guest's, who came by a link that the gate has just found open; `secret` is what their cookie says, or will say.
    ///
    /// # Errors
    /// [`Error::Gone`] if the link was taken back since.
    pub async fn of_guest(app: &App, link: &OpenLink, secret: &str, from: ClientAddress, base: String) -> Result<Self, Error> {
        let mut tx = app.db.read().await?;
        let token_hash = cookie::hash(&link.id, secret);
        let guest = store::of_link(&mut tx, &link.id, &token_hash).await?;
        let caps = caps::of(&mut tx, &link.id).await?;
        let came = Came { link_id: link.id.clone(), owner_id: link.owner_id.clone(), caps, from: Some(from.key()) };
        let place = Place { known: Known::Browser(token_hash), is_new: guest.is_none(), came: Some(came) };
        let (guest, conversation_id) = who(guest);
        Ok(Self { guest, place, assistant_id: link.target_id.clone(), conversation_id, base, session_id: None })
    }
}

fn who(known: Option<store::Guest>) -> (User, Option<String>) {
    known.map_or_else(|| (store::user(ids::new("user")), None), |guest| (guest.user, guest.conversation_id))
}

/// A member's place, who comes by a link that the gate has just found open.
///
/// # Errors
/// [`Error::Gone`] if it was taken back since.
pub async fn member(app: &App, link: &OpenLink, from: Option<ClientAddress>) -> Result<Place, Error> {
    let caps = caps::of(&mut *app.db.read().await?, &link.id).await?;
    let came = Came { link_id: link.id.clone(), owner_id: link.owner_id.clone(), caps, from: from.map(ClientAddress::key) };
    Ok(Place { known: Known::Member, is_new: false, came: Some(came) })
}

/// Who speaks to somebody at this place. What comes by a link is on its owner: the model is one that they may use.
///
/// # Errors
/// [`Error::NotFound`] if the assistant isn't there for them any more.
pub async fn voice(app: &App, place: Place, assistant_id: &str) -> Result<Voice, Error> {
    let voice = match (&place.known, &place.came) {
        (Known::Editor(editor_id), _) => {
            let editor = accounts::store::by_id(&mut *app.db.read().await?, editor_id).await?;
            Voice::tried(app, &editor, assistant_id).await?
        }
        (Known::Browser(_) | Known::Member, Some(came)) => {
            let owner = accounts::store::by_id(&mut *app.db.read().await?, &came.owner_id).await?;
            Voice::given_out(app, &owner, assistant_id).await?
        }
        (Known::Browser(_) | Known::Member, None) => return Err(Error::NotFound),
    };
    Ok(Voice { guest: Some(place), ..voice })
}

/// Who speaks next in a member's conversation that began at a link: the link has to be open still.
///
/// # Errors
/// [`Error::NotFound`] if it isn't.
pub async fn voice_of_member(app: &App, with: &With) -> Result<Voice, Error> {
    let link = app.gate.ask(TargetType::Assistant, &with.link_id).await.map_err(not_there)?;
    let place = member(app, &link, None).await.map_err(not_there)?;
    voice(app, place, &with.assistant_id).await
}

fn not_there(error: Error) -> Error {
    if matches!(error, Error::Gone) { Error::NotFound } else { error }
}
