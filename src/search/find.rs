//! Answering a question: the newest match of each conversation, newest first, a page at a time.

use std::collections::HashMap;

use super::block::{self, Field, Heads, Members, Set};
use super::store::{self, Place};
use super::words::Term;
use crate::error::Error;
use crate::storage::Tx;

/// Blocks read at once: few at first, since a common word is found in the newest.
const FIRST: usize = 4;
const MOST: usize = 256;
/// Blocks whose members are read at once.
const MEMBERS: usize = 16;

/// The newest place in each of the owner's conversations that has all of the words, newest first, behind `after` (time
/// and id of a conversation). Up to `limit`.
pub async fn places(
    tx: &mut Tx,
    owner_id: &str,
    field: Field,
    terms: &[Term],
    after: Option<(i64, &str)>,
    limit: usize,
) -> Result<Vec<Place>, Error> {
    if terms.is_empty() || limit == 0 {
        return Ok(Vec::new());
    }
    let mut found = Found { newest: HashMap::new(), after, limit };
    for place in store::fresh_with(tx, owner_id, field, terms).await? {
        found.add(place);
    }
    let blocks = store::blocks(tx, owner_id).await?;
    let heads: Vec<Heads> = terms.iter().map(|term| block::heads(field, &term.word, term.prefix)).collect();
    let (mut from, mut size) = (0, FIRST);
    while let Some((_, newest)) = blocks.get(from).filter(|(_, newest)| !found.is_enough(*newest)) {
        let batch = &blocks[from..blocks.len().min(from + size)];
        let mut hits = hits(tx, batch, terms, &heads).await?;
        // Newest first, and no further than needed.
        let with_hits: Vec<&(String, i64)> = batch.iter().filter(|(id, _)| hits.contains_key(id)).collect();
        for chunk in with_hits.chunks(MEMBERS) {
            if found.is_enough(chunk[0].1) {
                break;
            }
            let ids: Vec<&str> = chunk.iter().map(|(id, _)| id.as_str()).collect();
            for (id, members) in store::members(tx, &ids).await? {
                let members = Members::decode(&members)?;
                if let Some(set) = hits.remove(&id) {
                    found.add_members(&members, &set);
                }
            }
        }
        debug_assert!(batch.iter().all(|(_, at)| at <= newest), "blocks are read newest first");
        from += batch.len();
        size = (size * 4).min(MOST);
    }
    Ok(found.page())
}

/// For each block that has some: its members that have all of the words.
async fn hits(tx: &mut Tx, batch: &[(String, i64)], terms: &[Term], heads: &[Heads]) -> Result<HashMap<String, Set>, Error> {
    let mut all = Heads::default();
    for heads in heads {
        all.exact.extend(heads.exact.iter().filter(|head| !all.exact.contains(head)).cloned().collect::<Vec<_>>());
        all.begin.extend(heads.begin.iter().filter(|head| !all.begin.contains(head)).cloned().collect::<Vec<_>>());
    }
    let mut sets: HashMap<String, Vec<Set>> = HashMap::new();
    for (block_id, head, entries) in store::entries(tx, batch, &all).await? {
        let sets = sets.entry(block_id).or_insert_with(|| vec![Set::default(); terms.len()]);
        for ((term, heads), set) in terms.iter().zip(heads).zip(sets) {
            if heads.cover(&head) {
                let word = term.word.as_bytes();
                block::look_up(&entries, |other| if term.prefix { other.starts_with(word) } else { other == word }, set)?;
            }
        }
    }
    let both = |sets: Vec<Set>| {
        sets.into_iter().reduce(|mut one, other| {
            one.keep(&other);
            one
        })
    };
    Ok(sets.into_iter().filter_map(|(id, sets)| both(sets).filter(|set| !set.is_empty()).map(|set| (id, set))).collect())
}

struct Found<'a> {
    /// Time and position by conversation.
    newest: HashMap<String, (i64, Option<i64>)>,
    after: Option<(i64, &'a str)>,
    limit: usize,
}

impl Found<'_> {
    fn add(&mut self, place: Place) {
        let new = (place.at, place.position);
        self.newest.entry(place.conversation_id).and_modify(|known| *known = new.max(*known)).or_insert(new);
    }

    fn add_members(&mut self, members: &Members, set: &Set) {
        let mut seen = vec![false; members.conversations.len()];
        for member in set.numbers().filter_map(|number| members.list.get(number)) {
            // The first of a conversation is its newest; one without an id was erased.
            let Some(id) = members.conversations.get(member.conversation).filter(|id| !id.is_empty()) else { continue };
            if !std::mem::replace(&mut seen[member.conversation], true) {
                self.add(Place { at: member.at, conversation_id: id.clone(), position: member.position });
            }
        }
    }

    /// Whether a page is full of what is newer than `next`, so that nothing that is read later can change it.
    fn is_enough(&self, next: i64) -> bool {
        let newer = self.newest.iter().filter(|(id, (at, _))| *at > next && self.is_behind(*at, id));
        newer.take(self.limit).count() == self.limit
    }

    fn is_behind(&self, at: i64, id: &str) -> bool {
        self.after.is_none_or(|after| (at, id) < after)
    }

    fn page(mut self) -> Vec<Place> {
        let newest = std::mem::take(&mut self.newest).into_iter();
        let behind = newest.filter(|(id, (at, _))| self.is_behind(*at, id));
        let mut page: Vec<Place> = behind.map(|(conversation_id, (at, position))| Place { at, conversation_id, position }).collect();
        page.sort_unstable_by(|a, b| (b.at, &b.conversation_id).cmp(&(a.at, &a.conversation_id)));
        page.truncate(self.limit);
        page
    }
}
