//! Stopping a running answer.

use super::store::{self, Ending};
use crate::accounts::user::User;
use crate::app::App;
use crate::conversations;
use crate::error::Error;
use crate::write_tx;

/// Stops what is being written in a conversation; its text stays. Nothing to stop is no error: it has just ended.
///
/// # Errors
/// [`Error::NotFound`] unless `user` owns the conversation.
pub async fn stop(app: &App, user: &User, conversation_id: &str) -> Result<(), Error> {
    let mut tx = app.db.read().await?;
    conversations::store::owned(&mut tx, &user.id, conversation_id).await?;
    // What is written here ends without a word to the database, which may be busy.
    if let Some(answer) = app.answers.find(conversation_id).and_then(|channel| channel.state().answer)
        && app.running.all().iter().any(|writing| writing.is(&answer.message_id))
    {
        answer.stop.cancel();
        return Ok(());
    }
    if store::running(&mut tx, conversation_id).await?.is_none() {
        return Ok(());
    }
    drop(tx);
    write_tx!(app.db, "stop an answer", |tx| { store::ask_to_end(tx, conversation_id, Ending::Keep).await })?;
    app.watch.look_now();
    Ok(())
}
