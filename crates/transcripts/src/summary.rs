//! What a reading took, what it left out, and why.

use std::collections::BTreeMap;

use crate::{Error, Transcript};

/// How many reasons [`Summary::skipped`] keeps; the rest is only counted.
pub const MAX_REASONS: usize = 100;
/// How many kinds of unknown content [`Summary::unknown`] tells apart; the rest is counted as `other`.
const MAX_KINDS: usize = 50;

/// One thing that a reading hands out.
#[derive(Debug)]
pub enum Item {
    /// A conversation was read.
    Conversation(Box<Transcript>),
    /// A conversation, or one message's text, was left out.
    Skipped(Skipped),
}

/// Something that was left out, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Which conversation of the export, counted from 0.
    pub position: u64,
    /// Its title (shortened), if it could be read.
    pub title: Option<String>,
    /// The message's id, if the conversation was taken and only this message's text was left out.
    pub message: Option<String>,
    /// Why, as a sentence for people.
    pub reason: String,
}

/// The report of [`Export::read`](crate::Export::read).
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Summary {
    /// Conversations handed out.
    pub conversations: u64,
    /// Conversations left out.
    pub conversations_skipped: u64,
    /// Messages handed out, hidden ones and those with a placeholder included.
    pub messages: u64,
    /// Messages whose text was left out; a placeholder stands in their place.
    pub messages_skipped: u64,
    /// The first [`MAX_REASONS`] things that were left out.
    pub skipped: Vec<Skipped>,
    /// Image parts whose file is in the export.
    pub images_found: u64,
    /// Image parts whose file is not in the export.
    pub images_missing: u64,
    /// Contents that this version cannot show, kept raw, by kind.
    pub unknown: BTreeMap<String, u64>,
    /// Characters that had to be replaced by U+FFFD: invalid UTF-8, halves of surrogate pairs, U+0000.
    pub replaced_characters: u64,
    /// Remarks on the file as a whole: entries that were ignored, twice there, or unsafe.
    pub notes: Vec<String>,
    /// Links that the user once gave out at the source.
    pub shared: Vec<SharedConversation>,
    /// The caller's sink asked to stop.
    pub stopped: bool,
    /// The file broke off here; everything counted above was read before that.
    pub broken: Option<Error>,
}

/// A link given out at the source (`shared_conversations.json`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedConversation {
    /// The link's id at the source.
    pub share_id: String,
    /// The conversation it shows, a [`Transcript::source_id`].
    pub conversation_id: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Whether it hid the author's name.
    pub is_anonymous: Option<bool>,
}

impl Summary {
    /// Counts something that was left out.
    pub(crate) fn skip(&mut self, skipped: &Skipped) {
        if skipped.message.is_some() {
            self.messages_skipped += 1;
        } else {
            self.conversations_skipped += 1;
        }
        if self.skipped.len() < MAX_REASONS {
            self.skipped.push(skipped.clone());
        }
    }

    /// Counts a content that cannot be shown.
    pub(crate) fn count_unknown(&mut self, kind: &str) {
        let mut name = shorten(kind, 100);
        if !self.unknown.contains_key(&name) && self.unknown.len() >= MAX_KINDS {
            "other".clone_into(&mut name);
        }
        *self.unknown.entry(name).or_default() += 1;
    }
}

/// The text, cut with `…` after `max` characters: for report lines, never for content.
pub(crate) fn shorten(text: &str, max: usize) -> String {
    match text.char_indices().nth(max) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
