//! Footnotes of a message that is still being written. A mark gets its number when it is written, since the notes
//! come last; what is not known yet is how often a note will be mentioned.

use std::collections::HashMap;

use crate::footnotes;

/// The notes so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct Notes {
    by_name: HashMap<String, Note>,
    numbers: u32,
    bytes: usize,
}

#[derive(Debug, Clone, Default)]
struct Note {
    number: Option<u32>,
    references: u32,
    html: Option<String>,
}

impl Notes {
    /// One more mark: the note's number, and which mark of it this is.
    pub(crate) fn reference(&mut self, name: &str) -> (u32, u32) {
        let note = self.by_name.entry(name.to_lowercase()).or_default();
        note.references = note.references.saturating_add(1);
        let number = *note.number.get_or_insert_with(|| {
            self.numbers = self.numbers.saturating_add(1);
            self.numbers
        });
        (number, note.references)
    }

    /// The words of a note. The first of a name counts.
    pub(crate) fn define(&mut self, name: &str, html: String) {
        let note = self.by_name.entry(name.to_lowercase()).or_default();
        if note.html.is_none() {
            self.bytes += html.len();
            note.html = Some(html);
        }
    }

    /// Whether there are words for this name.
    pub(crate) fn defines(&self, name: &str) -> bool {
        self.by_name.get(&name.to_lowercase()).is_some_and(|note| note.html.is_some())
    }

    /// How long the words of all notes are.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Writes the section of all that are mentioned and have words; nothing if there are none.
    pub(crate) fn write(&self, out: &mut String, prefix: &str) {
        let mut shown: Vec<_> =
            self.by_name.values().filter_map(|note| Some((note.number?, note.references, note.html.as_ref()?))).collect();
        if shown.is_empty() {
            return;
        }
        shown.sort_unstable_by_key(|(number, ..)| *number);
        footnotes::open_section(out);
        for (number, references, html) in shown {
            footnotes::open_note(out, prefix, number);
            out.push_str(html);
            footnotes::close_note(out, prefix, number, references);
        }
        footnotes::close_section(out);
    }
}
