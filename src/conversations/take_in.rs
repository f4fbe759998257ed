//! Making a conversation of messages that a program sends: always a new one, whatever is here already.

use std::collections::HashMap;

use takeback_transcripts::{EmbeddedFile, Part, Transcript};

use super::create::{self, NewConversation, NewMessage};
use super::files::{self, NewFile};
use crate::error::Error;
use crate::ids;
use crate::storage::Tx;
use crate::transfer::plan;

/// Messages in one line, and the pictures that they carry.
#[derive(Clone, Debug)]
pub struct Unseen {
    title: String,
    messages: Vec<NewMessage>,
    files: Vec<(String, EmbeddedFile)>,
}

impl Unseen {
    /// The branch that was open.
    pub fn of(mut transcript: Transcript) -> Self {
        let title = plan::title_of(&transcript);
        let files: Vec<(String, EmbeddedFile)> =
            std::mem::take(&mut transcript.embedded).into_iter().map(|file| (ids::new("file"), file)).collect();
        let stored: HashMap<&str, &str> = files.iter().map(|(id, file)| (file.name.as_str(), id.as_str())).collect();
        let branch = transcript.current_branch();
        let mut messages: Vec<_> = transcript.messages.into_iter().map(Some).collect();
        let messages = branch.into_iter().filter_map(|at| messages.get_mut(at)?.take()).map(|mut message| {
            for part in &mut message.parts {
                if let Part::Image { file, .. } = part
                    && let Some(id) = stored.get(file.as_str())
                {
                    (*id).clone_into(file);
                }
            }
            NewMessage { role: message.role, model: message.model, parts: message.parts, incomplete: false }
        });
        let messages = messages.collect();
        Self { title, messages, files }
    }

    /// How many messages there are.
    pub fn len(&self) -> usize {
        self.messages.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// Stores it as a conversation of this person; answers its id.
    pub async fn insert(&self, tx: &mut Tx, owner_id: &str, title: Option<&str>, now: i64) -> Result<String, Error> {
        let title = title.unwrap_or(&self.title);
        let new = NewConversation { title, source: None, source_id: None, messages: &self.messages };
        let id = create::insert(tx, owner_id, &new, now).await?;
        for (file_id, file) in &self.files {
            let media_type = file.media_type.unwrap_or("application/octet-stream");
            files::insert(tx, &id, &NewFile { id: file_id, name: "", media_type, bytes: &file.bytes }, now).await?;
        }
        Ok(id)
    }
}
