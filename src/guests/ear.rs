//! A guest's open window: what is asked before it is told anything, and what follows when it is closed.

use std::time::Duration;

use tokio::time::Instant;
use tracing::debug;

use crate::accounts::user::User;
use crate::answers::stop::stop;
use crate::app::App;
use crate::error::Error;
use crate::links::link::TargetType;

/// How often a quiet window asks whether it may stay open, and how long a yes holds: within a second after the link is
/// taken back its windows are closed.
const EVERY: Duration = Duration::from_millis(300);
/// How long a page may take to come back before nobody is there any more.
const GRACE: Duration = Duration::from_secs(3);

/// What a guest's window listens by.
#[derive(Clone, Debug)]
pub struct Ear {
    /// The editor's session.
    pub session_id: Option<String>,
    /// The link.
    pub link_id: Option<String>,
    heard: Option<Instant>,
}

impl Ear {
    /// By the editor's session, or by a link.
    pub fn new(session_id: Option<String>, link_id: Option<String>) -> Self {
        Self { session_id, link_id, heard: None }
    }

    /// Whether it may be told anything now: the gate is asked, as for a page.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the gate can't know.
    pub async fn may_hear(&mut self, app: &App) -> Result<bool, Error> {
        let Some(link_id) = &self.link_id else { return Ok(true) };
        if self.heard.is_some_and(|at| at.elapsed() < EVERY) {
            return Ok(true);
        }
        // Taken before it is asked, so that a slow answer doesn't make a yes hold longer.
        let asked = Instant::now();
        match app.gate.ask(TargetType::Assistant, link_id).await {
            Ok(_) => {
                self.heard = Some(asked);
                Ok(true)
            }
            Err(Error::Gone) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// What happens when the window closes.
    pub fn leaves(&self, app: &App, guest: &User, conversation_id: &str) -> Leaves {
        Leaves { app: app.clone(), guest: guest.clone(), conversation_id: conversation_id.to_owned() }
    }
}

/// A moment, for windows that ask again and again; for others it never comes.
pub async fn a_while(asks: bool) {
    if asks {
        tokio::time::sleep(EVERY).await;
    } else {
        std::future::pending::<()>().await;
    }
}

/// Ends the running answer when the last window of a guest is closed: nobody would read it, and somebody pays for it.
pub struct Leaves {
    app: App,
    guest: User,
    conversation_id: String,
}

impl Drop for Leaves {
    fn drop(&mut self) {
        let (app, guest, id) = (self.app.clone(), self.guest.clone(), std::mem::take(&mut self.conversation_id));
        self.app.tasks.spawn(async move {
            tokio::select! {
                () = tokio::time::sleep(GRACE) => (),
                () = app.shutdown.cancelled() => return,
            }
            if app.answers.find(&id).is_some_and(|channel| channel.is_watched()) {
                return;
            }
            if let Err(error) = stop(&app, &guest, &id).await {
                debug!(%error, "an answer that nobody reads was not stopped");
            }
        });
    }
}
