//! One pass over an export: pieces of JSON in, items and the report out.

use std::collections::HashSet;
use std::io::Read;
use std::ops::ControlFlow;

use crate::repair::readable;
use crate::scan::{Piece, Splitter};
use crate::sessions::Session;
use crate::summary::shorten;
use crate::{Error, Files, Item, Limits, Message, Part, Skipped, Source, Summary, Transcript, chat_completions, chatgpt, detect};

/// How often progress is told.
const PROGRESS_EVERY_BYTES: u64 = 1 << 20;

/// A conversation that could not be read: why, and its title if that could.
pub(crate) struct Unreadable {
    pub(crate) title: Option<String>,
    pub(crate) reason: String,
}

/// The state of one [`Export::read`](crate::Export::read).
pub(crate) struct Reading<'a> {
    source: Source,
    limits: &'a Limits,
    files: Files,
    pub(crate) summary: Summary,
    sink: &'a mut dyn FnMut(Item) -> ControlFlow<()>,
    progress: &'a mut dyn FnMut(u64),
    /// Conversations seen so far, skipped ones included.
    position: u64,
    /// Bytes of the files that are done, and of the current one.
    before_bytes: u64,
    current_bytes: u64,
    told_bytes: u64,
    /// Messages that stand alone, until their list ends.
    loose: Vec<u8>,
    loose_bytes: u64,
    /// A session, until its file ends; and how long its lines are together.
    session: Option<Session>,
    session_bytes: u64,
}

impl<'a> Reading<'a> {
    pub(crate) fn new(
        source: Source,
        limits: &'a Limits,
        files: Files,
        summary: Summary,
        sink: &'a mut dyn FnMut(Item) -> ControlFlow<()>,
        progress: &'a mut dyn FnMut(u64),
    ) -> Self {
        Self {
            source,
            limits,
            files,
            summary,
            sink,
            progress,
            position: 0,
            before_bytes: 0,
            current_bytes: 0,
            told_bytes: 0,
            loose: Vec::new(),
            loose_bytes: 0,
            session: Session::of(source),
            session_bytes: 0,
        }
    }

    /// Bytes of JSON passed in all files so far.
    pub(crate) fn consumed_bytes(&self) -> u64 {
        self.before_bytes + self.current_bytes
    }

    /// Reads one file of conversations to its end, or until the sink asks to stop.
    ///
    /// # Errors
    /// What broke the file. All before it was handed out.
    pub(crate) fn file(&mut self, reader: impl Read) -> Result<(), Error> {
        let mut splitter = Splitter::new(reader, self.limits.max_conversation_bytes);
        let done = self.pieces(&mut splitter);
        self.current_bytes = splitter.consumed_bytes();
        self.before_bytes = self.consumed_bytes();
        self.current_bytes = 0;
        done
    }

    fn pieces(&mut self, splitter: &mut Splitter<impl Read>) -> Result<(), Error> {
        loop {
            let ended = match splitter.next_piece() {
                Ok(Piece::Value(json)) => {
                    self.value(json);
                    false
                }
                Ok(Piece::TooLong { bytes }) => {
                    let max = self.limits.max_conversation_bytes;
                    self.skip(None, &format!("It has {bytes} bytes; at most {max} are read."));
                    false
                }
                Ok(Piece::ArrayEnd) => {
                    self.loose_messages();
                    false
                }
                Ok(Piece::End) => {
                    self.loose_messages();
                    self.session_ended();
                    true
                }
                Err(error) => {
                    self.loose_messages();
                    self.session_ended();
                    return Err(error);
                }
            };
            self.current_bytes = splitter.consumed_bytes();
            if self.consumed_bytes() - self.told_bytes >= PROGRESS_EVERY_BYTES {
                self.tell();
            }
            if ended || self.summary.stopped {
                return Ok(());
            }
        }
    }

    fn value(&mut self, json: &[u8]) {
        if self.source == Source::ChatCompletions && detect::is_lone_message(json) {
            self.loose_bytes += json.len() as u64;
            if self.loose_bytes <= self.limits.max_conversation_bytes as u64 {
                self.loose.push(if self.loose.is_empty() { b'[' } else { b',' });
                self.loose.extend_from_slice(json);
            }
            return;
        }
        if self.session.is_some() {
            self.session_line(json);
        } else {
            self.conversation(json);
        }
    }

    fn session_line(&mut self, json: &[u8]) {
        self.session_bytes += json.len() as u64;
        if self.session_bytes > self.limits.max_conversation_bytes as u64 {
            return;
        }
        let text = readable(json, &mut self.summary.replaced_characters);
        let Some(session) = &mut self.session else { return };
        if let Err(reason) = session.line(&text, &mut self.summary.replaced_characters) {
            self.report(None, Some(format!("byte {}", self.consumed_bytes())), &reason);
        }
    }

    /// Ends the session that a file is.
    fn session_ended(&mut self) {
        let Some(session) = self.session.take() else { return };
        let (bytes, max) = (self.session_bytes, self.limits.max_conversation_bytes);
        if bytes > max as u64 {
            return self.skip(None, &format!("It has {bytes} bytes; at most {max} are read."));
        }
        match session.finish() {
            Ok(transcript) => self.take(transcript),
            Err(unreadable) => self.skip(unreadable.title, &unreadable.reason),
        }
    }

    /// Ends a list of messages without an object around it: one conversation.
    fn loose_messages(&mut self) {
        let mut json = std::mem::take(&mut self.loose);
        let bytes = std::mem::take(&mut self.loose_bytes);
        let max = self.limits.max_conversation_bytes;
        if bytes > max as u64 {
            self.skip(None, &format!("It has {bytes} bytes; at most {max} are read."));
        } else if !json.is_empty() {
            json.push(b']');
            self.conversation(&json);
        }
    }

    fn conversation(&mut self, json: &[u8]) {
        let text = readable(json, &mut self.summary.replaced_characters);
        let replaced = &mut self.summary.replaced_characters;
        let read = match self.source {
            Source::ChatGpt => chatgpt::read(&text, replaced),
            _ => chat_completions::read(&text, replaced),
        };
        match read {
            Ok(transcript) => self.take(transcript),
            Err(unreadable) => self.skip(unreadable.title, &unreadable.reason),
        }
    }

    /// Hands a conversation out, after what is too long was taken out of it.
    fn take(&mut self, mut transcript: Transcript) {
        let too_long = limit_texts(&mut transcript, self.limits.max_text_bytes);
        for (message, bytes) in too_long {
            let max = self.limits.max_text_bytes;
            let reason = format!("A message of {bytes} bytes was left out, a placeholder stands in its place; at most {max} are kept.");
            self.report(transcript.title.clone(), Some(message), &reason);
        }
        let embedded: HashSet<&str> = transcript.embedded.iter().map(|file| file.name.as_str()).collect();
        for part in transcript.messages.iter().flat_map(|message| &message.parts) {
            match part {
                Part::Image { file, .. } => {
                    if embedded.contains(file.as_str()) || self.files.has(file) {
                        self.summary.images_found += 1;
                    } else {
                        self.summary.images_missing += 1;
                    }
                }
                Part::Unknown { kind, .. } if kind != Part::TOO_LONG => {
                    self.summary.count_unknown(kind);
                }
                _ => {}
            }
        }
        self.summary.conversations += 1;
        self.summary.messages += transcript.messages.len() as u64;
        self.position += 1;
        self.hand_out(Item::Conversation(Box::new(transcript)));
    }

    fn skip(&mut self, title: Option<String>, reason: &str) {
        self.report(title, None, reason);
        self.position += 1;
    }

    fn report(&mut self, title: Option<String>, message: Option<String>, reason: &str) {
        let skipped =
            Skipped { position: self.position, title: title.map(|title| shorten(&title, 200)), message, reason: shorten(reason, 1000) };
        self.summary.skip(&skipped);
        self.hand_out(Item::Skipped(skipped));
    }

    fn hand_out(&mut self, item: Item) {
        // After the sink asked to stop, what belongs to the same piece is not forced on it.
        if !self.summary.stopped && (self.sink)(item).is_break() {
            self.summary.stopped = true;
        }
    }

    /// Notes what broke a file: the first is the report's error, later ones are remarks.
    pub(crate) fn broke(&mut self, error: Error) {
        if self.summary.broken.is_none() {
            self.summary.broken = Some(error);
        } else {
            self.summary.notes.push(error.to_string());
        }
    }

    fn tell(&mut self) {
        self.told_bytes = self.consumed_bytes();
        (self.progress)(self.told_bytes);
    }

    /// The report, after progress was told for the last time.
    pub(crate) fn finish(mut self) -> Summary {
        self.tell();
        self.summary
    }
}

/// Puts placeholders in the place of texts that are too long; the messages' ids and sizes in bytes.
fn limit_texts(transcript: &mut Transcript, max_bytes: usize) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    for message in &mut transcript.messages {
        let bytes = message_bytes(message);
        if bytes > max_bytes {
            message.parts.retain(|part| matches!(part, Part::Image { .. }));
            message.parts.insert(0, Part::Unknown { kind: Part::TOO_LONG.to_owned(), raw: format!("{{\"bytes\":{bytes}}}") });
            found.push((message.source_id.clone(), bytes));
        }
    }
    found
}

/// How long a message's texts are together.
pub(crate) fn message_bytes(message: &Message) -> usize {
    message.parts.iter().map(text_bytes).sum()
}

fn text_bytes(part: &Part) -> usize {
    match part {
        Part::Text { text } | Part::Reasoning { text } => text.len(),
        Part::Image { alt, .. } => alt.as_ref().map_or(0, String::len),
        Part::File { name, text, .. } => name.len() + text.as_ref().map_or(0, String::len),
        Part::ToolCall { name, arguments } => name.len() + arguments.len(),
        Part::ToolResult { name, text } => name.as_ref().map_or(0, String::len) + text.len(),
        Part::Document { title, text, .. } => title.len() + text.len(),
        Part::Unknown { kind, raw } => kind.len() + raw.len(),
    }
}
