//! Stopping a running answer.

use crate::accounts::user::User;
use crate::app::App;
use crate::conversations;
use crate::error::Error;

/// Stops what is being written in a conversation; its text stays. Nothing to stop is no error: it has just ended.
///
/// # Errors
/// [`Error::NotFound`] unless `user` owns the conversation.
pub async fn stop(app: &App, user: &User, conversation_id: &str) -> Result<(), Error> {
    conversations::store::owned(&mut *app.db.read().await?, &user.id, conversation_id).await?;
    if let Some(answer) = app.answers.find(conversation_id).and_then(|channel| channel.state().answer) {
        answer.stop.cancel();
    }
    Ok(())
}
