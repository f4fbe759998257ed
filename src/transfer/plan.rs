//! From conversations as they were read to rows, in slices that one short transaction can write.

use std::collections::{HashMap, VecDeque};
use std::vec;

use takeback_transcripts::{EmbeddedFile, Files, Message, Part, Role, Transcript};

use super::report::Counts;
use super::store::{Growth, Known, NewConversation, NewFile, NewMessage};
use crate::conversations::create::role_name;
use crate::conversations::rename::MAX_TITLE_CHARS;
use crate::conversations::view::shortened;
use crate::error::Error;
use crate::ids;

/// Bytes of text and files in one transaction, so that other writers don't wait long.
const SLICE_BYTES: usize = 3 << 20;
/// Messages in one transaction.
const SLICE_MESSAGES: usize = 2_000;
/// The largest picture or attachment that is taken.
pub const MAX_FILE_BYTES: u64 = 25 << 20;
/// Words of the first question that make a title.
const TITLE_CHARS: usize = 60;

/// What one transaction writes, in this order.
#[derive(Debug, Default)]
pub struct Slice {
    /// New conversations.
    pub conversations: Vec<NewConversation>,
    /// Pictures and attachments.
    pub files: Vec<NewFile>,
    /// New messages, parents before children.
    pub messages: Vec<NewMessage>,
    /// What changes in conversations that are there.
    pub growths: Vec<Growth>,
    bytes: usize,
}

impl Slice {
    fn is_full(&self) -> bool {
        self.bytes >= SLICE_BYTES || self.messages.len() >= SLICE_MESSAGES
    }

    fn is_empty(&self) -> bool {
        self.conversations.is_empty() && self.messages.is_empty() && self.growths.is_empty()
    }
}

/// Turns conversations into slices.
#[derive(Debug)]
pub struct Planner {
    waiting: VecDeque<(Transcript, Option<Known>)>,
    open: Option<Open>,
    files: Files,
    now: i64,
    dry: bool,
    /// What came of it so far.
    pub counts: Counts,
    /// The conversation that changed last at its source, and when: new, grown or unchanged.
    pub newest: Option<(i64, String)>,
}

/// A conversation whose messages are being turned into rows.
#[derive(Debug)]
struct Open {
    id: String,
    known: Option<Known>,
    /// What the ids of its new messages begin with.
    place: [u8; 8],
    /// Where its new row stands in the slice; `None` once that was written.
    row: Option<usize>,
    source_id: String,
    title: Option<String>,
    created_at: i64,
    updated_at: i64,
    messages: vec::IntoIter<Message>,
    current: Option<usize>,
    /// The rows' ids of the messages so far, by their place in the transcript.
    ids: Vec<String>,
    next_position: i64,
    added: u64,
    embedded: Vec<EmbeddedFile>,
    /// Files that were stored or found missing, by their names at the source.
    stored: HashMap<String, Option<String>>,
}

impl Planner {
    /// A planner for conversations and what is here of them already. With `dry`, nothing but the counts comes out.
    pub fn new(waiting: VecDeque<(Transcript, Option<Known>)>, files: Files, now: i64, dry: bool) -> Self {
        Self { waiting, open: None, files, now, dry, counts: Counts::default(), newest: None }
    }

    /// The next slice, or `None` when everything is planned. Reads files and writes JSON: call it where blocking is
    /// allowed.
    ///
    /// # Errors
    /// [`Error::Json`], which can't happen with what was read.
    pub fn next_slice(&mut self) -> Result<Option<Slice>, Error> {
        let mut slice = Slice::default();
        while !slice.is_full() {
            let mut open = match self.open.take() {
                Some(open) => open,
                None => match self.waiting.pop_front() {
                    Some((transcript, known)) => self.begin(transcript, known, &mut slice),
                    None => break,
                },
            };
            let mut ended = true;
            while let Some(message) = open.messages.next() {
                self.message(&mut open, message, &mut slice)?;
                if slice.is_full() {
                    ended = false;
                    break;
                }
            }
            if ended || open.messages.len() == 0 {
                self.end(open, &mut slice);
            } else {
                // Shown as far as it is written until the rest follows.
                if let Some(row) = open.row.take().and_then(|row| slice.conversations.get_mut(row)) {
                    row.current_message_id = open.ids.last().cloned();
                }
                self.open = Some(open);
            }
        }
        Ok((!slice.is_empty()).then_some(slice))
    }

    fn begin(&mut self, transcript: Transcript, known: Option<Known>, slice: &mut Slice) -> Open {
        let sane = |at: &i64| (0..=self.now).contains(at);
        let times = || transcript.messages.iter().filter_map(|message| message.created_at_micros).filter(sane);
        let created_at = transcript.created_at_micros.filter(sane).or_else(|| times().min()).unwrap_or(self.now);
        let updated_at = transcript.updated_at_micros.filter(sane).or_else(|| times().max()).unwrap_or(created_at);
        let title = transcript.title.as_deref().map(clean_title).filter(|title| !title.is_empty());
        let mut open = Open {
            id: known.as_ref().map_or_else(|| ids::new("conv"), |known| known.id.clone()),
            place: ids::new_place(),
            row: None,
            source_id: transcript.source_id,
            title,
            created_at,
            updated_at,
            current: transcript.current,
            ids: Vec::with_capacity(transcript.messages.len()),
            next_position: known.as_ref().map_or(0, |known| known.next_position),
            added: 0,
            embedded: transcript.embedded,
            stored: HashMap::new(),
            known,
            messages: Vec::new().into_iter(),
        };
        self.newest = self.newest.take().max(Some((updated_at, open.id.clone())));
        if open.known.is_none() && !self.dry {
            open.row = Some(slice.conversations.len());
            slice.conversations.push(NewConversation {
                id: open.id.clone(),
                title: open.title.clone().unwrap_or_else(|| first_words(&transcript.messages)),
                source: transcript.source.as_str(),
                source_id: open.source_id.clone(),
                current_message_id: None,
                created_at,
                updated_at,
            });
        }
        open.messages = transcript.messages.into_iter();
        open
    }

    fn message(&mut self, open: &mut Open, message: Message, slice: &mut Slice) -> Result<(), Error> {
        if let Some(id) = open.known.as_ref().and_then(|known| known.messages.get(&message.source_id)) {
            open.ids.push(id.clone());
            return Ok(());
        }
        let id = ids::new_near("msg", open.place);
        open.added += 1;
        self.counts.messages += 1;
        if !self.dry {
            let mut parts = message.parts;
            for part in &mut parts {
                self.keep_file(open, part, slice);
            }
            let parts = serde_json::to_string(&parts)?;
            slice.bytes += parts.len();
            slice.messages.push(NewMessage {
                id: id.clone(),
                conversation_id: open.id.clone(),
                parent_id: message.parent.and_then(|parent| open.ids.get(parent).cloned()),
                position: open.next_position,
                role: role_name(message.role),
                model: message.model,
                hidden: i64::from(message.hidden),
                source_id: message.source_id,
                created_at: message.created_at_micros.filter(|at| (0..=self.now).contains(at)).unwrap_or(open.created_at),
                parts,
            });
        }
        open.next_position += 1;
        open.ids.push(id);
        Ok(())
    }

    fn end(&mut self, open: Open, slice: &mut Slice) {
        let current = open.current.and_then(|at| open.ids.get(at)).or(open.ids.last()).cloned();
        if let Some(row) = open.row.and_then(|row| slice.conversations.get_mut(row)) {
            row.current_message_id = current;
            self.counts.conversations += 1;
            return;
        }
        let Some(known) = open.known else {
            self.counts.conversations += 1;
            if !self.dry {
                slice.growths.push(Growth { id: open.id, source_id: None, title: None, current_message_id: current, updated_at: None });
            }
            return;
        };
        let title = open.title.filter(|title| known.title_follows(title));
        let moved_on = known.source_id != open.source_id;
        if open.added == 0 && title.is_none() && !moved_on {
            self.counts.unchanged += 1;
            return;
        }
        if open.added > 0 {
            self.counts.grown += 1;
        } else {
            self.counts.unchanged += 1;
        }
        if !self.dry {
            slice.growths.push(Growth {
                id: open.id,
                source_id: moved_on.then_some(open.source_id),
                title,
                // Without new messages the branch that the owner chose here stays.
                current_message_id: current.filter(|_| open.added > 0),
                updated_at: (open.added > 0).then_some(open.updated_at.max(known.updated_at)),
            });
        }
    }

    /// Puts a stored file's id in the place of its name at the source, if the export holds it.
    fn keep_file(&mut self, open: &mut Open, part: &mut Part, slice: &mut Slice) {
        let (file, is_image, name) = match part {
            Part::Image { file, .. } => (file, true, None),
            Part::File { file: Some(file), name, .. } => (file, false, Some(name.clone())),
            _ => return,
        };
        if !open.stored.contains_key(file.as_str()) {
            let stored = self.read_file(open, file, name, slice);
            if stored.is_some() {
                *(if is_image { &mut self.counts.images } else { &mut self.counts.files }) += 1;
            }
            open.stored.insert(file.clone(), stored);
        }
        let stored = open.stored.get(file.as_str()).cloned().flatten();
        if let Some(id) = stored {
            *file = id;
        } else if is_image {
            self.counts.images_missing += 1;
        }
    }

    fn read_file(&mut self, open: &mut Open, file: &str, name: Option<String>, slice: &mut Slice) -> Option<String> {
        let embedded = open.embedded.iter_mut().find(|embedded| embedded.name == file);
        let (own_name, media_type, bytes) = match embedded {
            Some(embedded) => (String::new(), embedded.media_type, std::mem::take(&mut embedded.bytes)),
            None => match self.files.read(file, MAX_FILE_BYTES) {
                Ok(found) => found.map(|found| (found.name, found.media_type, found.bytes))?,
                Err(error) => {
                    self.counts.note(format!("The file {} was left out: {error}", shortened(file, 100)));
                    return None;
                }
            },
        };
        if bytes.is_empty() || bytes.len() as u64 > MAX_FILE_BYTES {
            return None;
        }
        let id = ids::new("file");
        slice.bytes += bytes.len();
        slice.files.push(NewFile {
            id: id.clone(),
            conversation_id: open.id.clone(),
            name: shortened(&name.unwrap_or(own_name).replace('\0', ""), 200),
            media_type: media_type.unwrap_or("application/octet-stream"),
            bytes,
        });
        Some(id)
    }
}

/// What a conversation is called here: by its own title, or by what was asked first.
pub fn title_of(transcript: &Transcript) -> String {
    let own = transcript.title.as_deref().map(clean_title).filter(|title| !title.is_empty());
    own.unwrap_or_else(|| first_words(&transcript.messages))
}

fn clean_title(title: &str) -> String {
    let clean: String = title.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    shortened(clean.trim(), MAX_TITLE_CHARS - 1)
}

/// A title from what was asked first.
fn first_words(messages: &[Message]) -> String {
    let texts = messages.iter().filter(|message| message.role == Role::User && !message.hidden).flat_map(|message| &message.parts);
    let mut lines =
        texts.filter_map(|part| if let Part::Text { text } = part { text.lines().find(|line| !line.trim().is_empty()) } else { None });
    let line = lines.next().map(|line| clean_title(line.trim())).unwrap_or_default();
    if line.is_empty() {
        return "Untitled".to_owned();
    }
    match line.char_indices().nth(TITLE_CHARS) {
        Some((end, _)) => {
            let cut = line[..end].rfind(' ').filter(|at| *at > end / 2).unwrap_or(end);
            format!("{}…", line[..cut].trim_end())
        }
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asks(text: &str) -> Message {
        let parts = vec![Part::Text { text: text.to_owned() }];
        Message { source_id: String::new(), parent: None, role: Role::User, model: None, created_at_micros: None, hidden: false, parts }
    }

    #[test]
    fn a_title_is_made_of_the_first_question() {
        assert_eq!(first_words(&[asks("\n  How long does tea steep?\nPlease")]), "How long does tea steep?");
        let long = "one two three four five six seven eight nine ten eleven twelve thirteen";
        assert_eq!(first_words(&[asks(long)]), "one two three four five six seven eight nine ten eleven…");
        assert_eq!(first_words(&[asks(&"x".repeat(100))]).chars().count(), TITLE_CHARS + 1);
        assert_eq!(first_words(&[asks(" \n")]), "Untitled");
        assert_eq!(clean_title("a\tb\u{7}"), "a b");
        assert_eq!(clean_title(&"é".repeat(300)).chars().count(), MAX_TITLE_CHARS);
    }
}
