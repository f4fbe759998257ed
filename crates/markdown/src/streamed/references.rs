//! Addresses that finished blocks define for `[words][name]`, kept for the blocks that follow.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use comrak::nodes::NodeValue;
use comrak::options::{BrokenLinkCallback, BrokenLinkReference};
use comrak::{Arena, ResolvedReference};

use super::lines;
use crate::parse::{self, Steps};

/// Addresses and titles that may be inserted into one message, as the parser has it for a whole one.
const INSERTED_BYTES: usize = 100_000;

/// Longest name of an address (`CommonMark` has 999 characters).
const NAME_BYTES: usize = 4_000;

/// What was defined so far.
#[derive(Debug, Default)]
pub(super) struct References {
    known: Arc<HashMap<String, ResolvedReference>>,
    inserted: Arc<AtomicUsize>,
}

/// What a parser asks.
struct Lookup {
    known: Arc<HashMap<String, ResolvedReference>>,
    /// Shared by all parses of a text. What is parsed again is counted again, which only ends it sooner.
    inserted: Arc<AtomicUsize>,
}

impl BrokenLinkCallback for Lookup {
    fn resolve(&self, reference: BrokenLinkReference<'_>) -> Option<ResolvedReference> {
        let found = self.known.get(&folded(reference.original))?;
        let size = found.url.len() + found.title.len();
        let before = self.inserted.fetch_add(size, Ordering::Relaxed);
        (before.saturating_add(size) <= INSERTED_BYTES).then(|| found.clone())
    }
}

impl References {
    /// For a parse: `None` if there is nothing to look up.
    pub(super) fn lookup(&self) -> Option<Arc<dyn BrokenLinkCallback>> {
        if self.known.is_empty() {
            return None;
        }
        Some(Arc::new(Lookup { known: Arc::clone(&self.known), inserted: Arc::clone(&self.inserted) }))
    }

    /// How much was inserted, to go back to after a parse that was only for show.
    pub(super) fn inserted(&self) -> usize {
        self.inserted.load(Ordering::Relaxed)
    }

    /// Goes back to what [`inserted`](Self::inserted) said.
    pub(super) fn set_inserted(&self, inserted: usize) {
        self.inserted.store(inserted, Ordering::Relaxed);
    }

    /// Keeps what finished blocks define; returns how many bytes were parsed for it. The parser doesn't tell, so it is
    /// asked again, with every name that may be one at the end.
    pub(super) fn learn(&mut self, blocks: &str) -> usize {
        let names: Vec<&str> = candidates(blocks).filter(|name| !self.known.contains_key(&folded(name))).collect();
        if names.is_empty() {
            return 0;
        }
        let mut asked = String::with_capacity(blocks.len() * 2);
        asked.push_str(blocks);
        asked.push_str("\n\n");
        let mut line = lines::beginnings(&asked).len();
        let mut by_line = HashMap::new();
        for name in names {
            by_line.insert(line, name);
            line += name.bytes().filter(|byte| *byte == b'\n').count() + 2;
            asked.push('[');
            asked.push_str(name);
            asked.push_str("]\n\n");
        }
        let arena = Arena::new();
        let root = parse::parse_part(&arena, &asked, &Steps::of(&asked), None);
        let known = Arc::make_mut(&mut self.known);
        for paragraph in root.reverse_children() {
            let Some(name) = by_line.get(&paragraph.data().sourcepos.start.line) else {
                break;
            };
            if let Some(NodeValue::Link(link)) = paragraph.first_child().map(|child| child.data().value.clone()) {
                let reference = ResolvedReference { url: link.url, title: link.title };
                known.entry(folded(name)).or_insert(reference);
            }
        }
        asked.len()
    }
}

/// What stands in `[…]:`, without footnotes.
fn candidates(blocks: &str) -> impl Iterator<Item = &str> {
    blocks.match_indices("]:").filter_map(|(end, _)| {
        let before = &blocks[..end];
        // Brackets within a name are escaped.
        let (at, bracket) = before.rmatch_indices(['[', ']']).find(|(at, _)| !before[..*at].ends_with('\\'))?;
        let name = &before[at + 1..];
        let is_name =
            bracket == "[" && name.len() <= NAME_BYTES && !name.trim().is_empty() && !name.starts_with('^') && !name.contains('\r');
        is_name.then_some(name)
    })
}

/// Names are the same whatever their case and blanks.
fn folded(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_uppercase().to_lowercase()
}
