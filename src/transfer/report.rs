//! What an import took, left out, and why: stored beside the import, shown on its page, printed by the command.

use serde::{Deserialize, Serialize};
use takeback_transcripts::{Part, Summary};

use crate::pages::view::Count;
use crate::remote::plain;

/// The longest words that are printed: what a file calls itself is anybody's.
const WORDS: usize = 300;
/// Remarks that are kept; more of them would not be read.
const MAX_NOTES: usize = 50;

/// What came into the database.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// New conversations.
    pub conversations: u64,
    /// Conversations that were here and got new messages.
    pub grown: u64,
    /// Conversations that were here as they are.
    pub unchanged: u64,
    /// New messages.
    pub messages: u64,
    /// Pictures stored.
    pub images: u64,
    /// Pictures that the file names but doesn't hold.
    pub images_missing: u64,
    /// Attachments stored.
    pub files: u64,
    /// Remarks.
    pub notes: Vec<String>,
}

impl Counts {
    /// Adds what another batch brought.
    pub fn add(&mut self, other: Self) {
        self.conversations += other.conversations;
        self.grown += other.grown;
        self.unchanged += other.unchanged;
        self.messages += other.messages;
        self.images += other.images;
        self.images_missing += other.images_missing;
        self.files += other.files;
        other.notes.into_iter().for_each(|note| self.note(note));
    }

    /// Adds a remark.
    pub fn note(&mut self, note: String) {
        if self.notes.len() < MAX_NOTES {
            self.notes.push(note);
        }
    }
}

/// Something that was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Its title, or "Conversation 12" by its place in the file, from 1.
    pub what: String,
    /// How many.
    pub count: u64,
    /// A sentence.
    pub why: String,
}

/// The whole report.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    /// Whose export it is, for people: "`ChatGPT`".
    pub source: String,
    /// Nothing was written.
    pub dry_run: bool,
    /// What came in.
    #[serde(flatten)]
    pub counts: Counts,
    /// Conversations that could not be read.
    pub conversations_skipped: u64,
    /// Messages with a placeholder in the place of their text.
    pub messages_skipped: u64,
    /// What was left out, and why.
    pub left_out: Vec<LeftOut>,
    /// Characters that had to be replaced.
    pub replaced_characters: u64,
    /// Why it ended early, and what to do.
    pub failed: Option<String>,
    /// It was stopped before the end of the file.
    pub stopped: bool,
    /// A conversation to go on with: the newest one that came.
    pub newest: Option<String>,
    /// How long it took.
    pub seconds: f64,
    /// Bytes of JSON that were read.
    pub bytes: u64,
}

impl Report {
    /// Takes over what the reader found.
    pub fn read(&mut self, summary: Summary) {
        self.conversations_skipped = summary.conversations_skipped;
        self.messages_skipped = summary.messages_skipped;
        self.replaced_characters = summary.replaced_characters;
        self.stopped = summary.stopped;
        if self.dry_run {
            // Nothing was looked for in the file.
            self.counts.images_missing = summary.images_missing;
        }
        let listed = summary.skipped.len() as u64;
        self.left_out = summary
            .skipped
            .into_iter()
            .map(|skipped| {
                let what = skipped.title.filter(|title| !title.is_empty());
                let what = what.unwrap_or_else(|| format!("Conversation {}", skipped.position + 1));
                LeftOut { what, count: 1, why: skipped.reason }
            })
            .collect();
        let all = self.conversations_skipped + self.messages_skipped;
        self.leave_out("More of them", all.saturating_sub(listed), "Only the first reasons are listed.");
        self.leave_out(
            "Pictures",
            self.counts.images_missing,
            "The file names them but doesn’t hold them; a placeholder stands in their place.",
        );
        for (kind, count) in summary.unknown.into_iter().filter(|(kind, _)| kind != Part::TOO_LONG) {
            let what = kind.replace('_', " ");
            self.leave_out(&what, count, "This version can’t show it. It is kept, and a placeholder stands in its place.");
        }
        summary.notes.into_iter().for_each(|note| self.counts.note(note));
        if self.replaced_characters > 0 {
            let count = Count(i64::try_from(self.replaced_characters).unwrap_or(i64::MAX));
            self.counts.note(format!("{count} damaged characters are shown as \u{fffd}."));
        }
        if let Some(broken) = summary.broken {
            self.failed =
                Some(format!("{broken} What came before that was taken. Get the export again and import it; nothing is doubled."));
        }
    }

    fn leave_out(&mut self, what: &str, count: u64, why: &str) {
        if count > 0 {
            self.left_out.push(LeftOut { what: what.to_owned(), count, why: why.to_owned() });
        }
    }

    /// The report for a terminal.
    pub fn in_words(&self) -> String {
        let counts = &self.counts;
        let verb = if self.dry_run { "would be taken" } else { "taken" };
        let mut lines = vec![format!(
            "{}{} and {} {verb}.",
            if self.source.is_empty() { String::new() } else { format!("{}: ", self.source) },
            many(counts.conversations, "new conversation"),
            many(counts.messages, "new message")
        )];
        let mut also = Vec::new();
        for (count, one, several) in [
            (counts.grown, "conversation has new messages", "conversations have new messages"),
            (counts.unchanged, "conversation was here already", "conversations were here already"),
            (counts.images, "picture stored", "pictures stored"),
            (counts.files, "attachment stored", "attachments stored"),
        ] {
            let words = if count == 1 { one } else { several };
            if count > 0 {
                also.push(format!("{} {words}", Count(i64::try_from(count).unwrap_or(i64::MAX))));
            }
        }
        if !also.is_empty() {
            lines.push(format!("{}.", also.join(", ")));
        }
        if self.left_out.is_empty() && self.failed.is_none() && !self.stopped {
            lines.push("Nothing was left out.".to_owned());
        } else if !self.left_out.is_empty() {
            lines.push("Left out:".to_owned());
            lines.extend(
                self.left_out.iter().map(|left| format!("  {} ({}): {}", plain(&left.what, WORDS), left.count, plain(&left.why, WORDS))),
            );
        }
        lines.extend(counts.notes.iter().map(|note| plain(note, WORDS)));
        lines.extend(self.failed.as_ref().map(|failed| plain(failed, WORDS)));
        lines.join("\n")
    }
}

fn many(count: u64, word: &str) -> String {
    format!("{} {word}{}", Count(i64::try_from(count).unwrap_or(i64::MAX)), if count == 1 { "" } else { "s" })
}
