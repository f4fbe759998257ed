//! What a person wants of every answer: custom instructions, and the model chosen last.

use crate::accounts::user::User;
use crate::app::App;
use crate::error::Error;
use crate::storage::Tx;
use crate::write_tx;

/// The longest custom instructions, in characters.
pub const MAX_INSTRUCTIONS_CHARS: usize = 4_000;

/// A person's wishes; empty strings where there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Preferences {
    /// Said to every model before the conversation. Never part of a share.
    pub instructions: String,
    /// The model chosen last.
    pub model_id: String,
}

/// The wishes of `user`.
pub async fn read(app: &App, user: &User) -> Result<Preferences, Error> {
    of(&mut *app.db.read().await?, &user.id).await
}

/// The same, in a transaction.
pub async fn of(tx: &mut Tx, user_id: &str) -> Result<Preferences, Error> {
    let query = "SELECT instructions, model_id FROM preferences WHERE user_id = $1";
    Ok(sqlx::query_as(query).bind(user_id).fetch_optional(tx).await?.unwrap_or_default())
}

/// Changes the custom instructions.
///
/// # Errors
/// [`Error::Invalid`] over [`MAX_INSTRUCTIONS_CHARS`].
pub async fn set_instructions(app: &App, user: &User, instructions: &str) -> Result<(), Error> {
    let instructions = instructions.replace("\r\n", "\n").trim().to_owned();
    if instructions.chars().count() > MAX_INSTRUCTIONS_CHARS {
        return Err(Error::invalid("instructions", "Custom instructions can have 4,000 characters. Shorten them."));
    }
    write_tx!(app.db, "set custom instructions", |tx| {
        let query = "INSERT INTO preferences (user_id, instructions, model_id) VALUES ($1, $2, '') \
                     ON CONFLICT (user_id) DO UPDATE SET instructions = excluded.instructions";
        sqlx::query(query).bind(&user.id).bind(&instructions).execute(tx).await?;
        Ok(())
    })
}

/// Remembers the model that was used last.
pub async fn set_model(tx: &mut Tx, user_id: &str, model_id: &str) -> Result<(), Error> {
    let query = "INSERT INTO preferences (user_id, instructions, model_id) VALUES ($1, '', $2) \
                 ON CONFLICT (user_id) DO UPDATE SET model_id = excluded.model_id";
    sqlx::query(query).bind(user_id).bind(model_id).execute(tx).await?;
    Ok(())
}
