//! Waiting for an answer that was begun, as an open window does, for as long as the program's key is alive.

use std::sync::Arc;

use tokio::sync::watch;

use crate::answers::live::Channel;
use crate::answers::say::Begun;
use crate::answers::store::{self, Piece};
use crate::answers::watch::Line;
use crate::app::App;
use crate::conversations::api::message::Message;
use crate::conversations::api::messages::load;
use crate::conversations::branch;
use crate::error::Error;

/// A line to a conversation.
pub struct Following {
    app: App,
    channel: Arc<Channel>,
    changed: watch::Receiver<()>,
    line: Arc<Line>,
    begun: Begun,
    /// The next of the answer's pieces.
    next: i64,
}

impl Following {
    /// Begins to look. The answer is named by [`of`](Self::of), once it has begun.
    pub fn new(app: &App, conversation_id: &str, key_id: &str) -> Self {
        let channel = app.answers.channel(conversation_id);
        let (changed, line) = (channel.watch(), app.watch.open_program(key_id));
        let begun = Begun { conversation_id: conversation_id.to_owned(), from: String::new(), answer_id: String::new() };
        Self { app: app.clone(), channel, changed, line, begun, next: 0 }
    }

    /// The same, for this answer.
    #[must_use]
    pub fn of(self, begun: &Begun) -> Self {
        Self { begun: begun.clone(), ..self }
    }

    /// Waits until something happens; answers whether the answer is still being written.
    ///
    /// # Errors
    /// [`Error::KeyRequired`] when the key ended, [`Error::Stopping`] when the server does.
    pub async fn is_going_on(&mut self) -> Result<bool, Error> {
        let state = self.channel.state();
        if state.answer.is_none_or(|answer| answer.message_id != self.begun.answer_id) {
            return Ok(false);
        }
        tokio::select! {
            // The channel is held here, so its other end is, too.
            _ = self.changed.changed() => Ok(true),
            () = self.line.closed.cancelled() => Err(Error::KeyRequired("This API key ended while the answer was on its way.")),
            () = self.app.shutdown.cancelled() => Err(Error::Stopping),
        }
    }

    /// What was written down of the answer since the last call.
    ///
    /// # Errors
    /// When the database can't be asked.
    pub async fn more(&mut self) -> Result<Vec<Piece>, Error> {
        let pieces = store::pieces(&mut *self.app.db.read().await?, &self.begun.answer_id, self.next).await?;
        self.next = pieces.last().map_or(self.next, |last| last.number + 1);
        Ok(pieces)
    }

    /// What was said and the answer, as they are now.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the conversation was deleted meanwhile.
    pub async fn messages(&self) -> Result<Vec<Message>, Error> {
        let mut tx = self.app.db.read().await?;
        let Begun { conversation_id, answer_id, .. } = &self.begun;
        // Whose it is was asked when the answer began; since then it can only have been deleted.
        let query = "SELECT COUNT(*) FROM conversations WHERE id = $1 AND owner_id IS NOT NULL";
        let there: i64 = sqlx::query_scalar(query).bind(conversation_id).fetch_one(&mut *tx).await?;
        if there == 0 {
            return Err(Error::NotFound);
        }
        let nodes = branch::nodes(&mut tx, conversation_id, answer_id, 2).await?;
        load(&mut tx, conversation_id, nodes).await
    }
}
