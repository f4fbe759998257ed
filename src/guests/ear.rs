//! A guest's open window, and what follows when it is closed.

use std::time::Duration;

use tracing::debug;

use crate::accounts::user::User;
use crate::answers::stop::stop;
use crate::app::App;

/// How long a page may take to come back before nobody is there any more.
const GRACE: Duration = Duration::from_secs(3);

/// What a guest's window listens by.
#[derive(Clone, Debug)]
pub struct Ear {
    /// The editor's session.
    pub session_id: Option<String>,
}

impl Ear {
    /// What happens when the window closes.
    pub fn leaves(&self, app: &App, guest: &User, conversation_id: &str) -> Leaves {
        Leaves { app: app.clone(), guest: guest.clone(), conversation_id: conversation_id.to_owned() }
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
