//! People besides its owner who may change an assistant. They can neither delete it, nor list it, nor take its link back,
//! nor choose who else changes it; they can leave.

use super::store;
use crate::accounts;
use crate::accounts::user::User;
use crate::app::App;
use crate::audit::{self, Via};
use crate::error::Error;
use crate::storage::{Tx, sql};
use crate::write_tx;

/// The most editors of one assistant.
const MOST: usize = 20;

/// Somebody who may change it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Editor {
    /// `user_…`
    pub id: String,
    /// What they are called.
    pub name: String,
    /// Their e-mail address: for the owner alone, who typed it.
    pub email: String,
}

/// Those besides the owner, by name. Whoever calls this has loaded the assistant as an editor.
pub async fn all(tx: &mut Tx, id: &str) -> Result<Vec<Editor>, Error> {
    let query = "SELECT u.id, u.name, u.email FROM assistant_editors e JOIN users u ON u.id = e.user_id AND u.deleted_at IS NULL \
                 WHERE e.assistant_id = $1 ORDER BY u.name, u.id";
    Ok(sqlx::query_as(query).bind(id).fetch_all(tx).await?)
}

/// Lets the member with this e-mail address change it.
///
/// # Errors
/// As [`store::owned`]; [`Error::Invalid`] for an address that is no other member's.
pub async fn add(app: &App, owner: &User, id: &str, address: &str, via: Via) -> Result<(), Error> {
    let now = app.now();
    write_tx!(app.db, "add an editor of an assistant", |tx| {
        store::lock_editable(tx, &owner.id, id).await?;
        store::owned(tx, &owner.id, id).await?;
        let Some(person) = accounts::store::by_email(tx, address.trim()).await? else {
            return Err(Error::invalid("email", "No member of this server has this e-mail address."));
        };
        if person.id == owner.id {
            return Err(Error::invalid("email", "This assistant is yours: you can change it anyway."));
        }
        if all(tx, id).await?.len() >= MOST {
            return Err(Error::invalid("email", format!("An assistant can have {MOST} editors. Take somebody out.")));
        }
        let query = "INSERT INTO assistant_editors (assistant_id, user_id, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
        sqlx::query(query).bind(id).bind(&person.id).bind(now).execute(&mut *tx).await?;
        audit::record(tx, now, &owner.id, "assistant.editor_added", id, via).await
    })
}

/// Lets somebody change it no more: its owner anybody, everybody else themselves.
///
/// # Errors
/// As [`store::owned`], but for who leaves; [`Error::NotFound`] for somebody who is no editor of it.
pub async fn remove(app: &App, person: &User, id: &str, editor_id: &str, via: Via) -> Result<(), Error> {
    let now = app.now();
    write_tx!(app.db, "take out an editor of an assistant", |tx| {
        store::lock_editable(tx, &person.id, id).await?;
        if person.id != editor_id {
            store::owned(tx, &person.id, id).await?;
        }
        let query = "DELETE FROM assistant_editors WHERE assistant_id = $1 AND user_id = $2";
        sql::one_row(&sqlx::query(query).bind(id).bind(editor_id).execute(&mut *tx).await?).map_err(|_| Error::NotFound)?;
        audit::record(tx, now, &person.id, "assistant.editor_removed", id, via).await
    })
}
