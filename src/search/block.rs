//! A block: up to [`MOST`] messages and titles of one owner, newest first, and for each of their words which of them
//! have it. It is made once and afterwards only ever loses members.
//!
//! A block is stored as one row that says what its members are, and one row for all the words that begin with the
//! same two characters, so a question reads a few kilobytes of it. A word that many members have is a row by itself,
//! which only questions for it read.

use std::collections::HashMap;

use crate::error::Error;

/// Members of one block.
pub const MOST: usize = 4_096;
/// Characters by which words are put together.
const HEAD_CHARS: usize = 2;
/// Bytes of postings from which a word is a row by itself.
const HEAVY: usize = 200;
/// What the heads of words of titles begin with, and of words by themselves. No word has them.
const TITLE: char = '/';
const OWN: char = '=';

/// Which words: of titles or of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// Of titles.
    Title,
    /// Of messages.
    Message,
}

/// What one message or one title says.
#[derive(Clone, Debug)]
pub struct Doc {
    /// `conv_…`
    pub conversation_id: String,
    /// The message's; `None`: this is the title.
    pub position: Option<i64>,
    /// When it was said.
    pub at: i64,
    /// Each once, with a space between.
    pub words: String,
}

impl Doc {
    /// Whose words these are.
    pub fn field(&self) -> Field {
        if self.position.is_some() { Field::Message } else { Field::Title }
    }
}

/// A new block, ready to be stored.
#[derive(Debug)]
pub struct Block {
    /// Time of the newest member.
    pub newest: i64,
    /// Who the members are.
    pub members: Vec<u8>,
    /// Head and entries, in order.
    pub words: Vec<(String, Vec<u8>)>,
}

/// A member of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// Which of the block's conversations.
    pub conversation: usize,
    /// As in [`Doc`].
    pub position: Option<i64>,
    /// As in [`Doc`].
    pub at: i64,
}

/// The members of a block.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Members {
    /// Their conversations' ids. An empty one was erased.
    pub conversations: Vec<String>,
    /// Newest first.
    pub list: Vec<Member>,
}

/// Makes a block of at most [`MOST`] docs.
pub fn build(mut docs: Vec<Doc>) -> Block {
    docs.sort_by(|a, b| (b.at, &b.conversation_id, b.position).cmp(&(a.at, &a.conversation_id, a.position)));
    let mut members = Members::default();
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    let mut words: HashMap<(Field, &str), Postings> = HashMap::new();
    for (number, doc) in docs.iter().enumerate() {
        let conversation = *numbers.entry(&doc.conversation_id).or_insert_with(|| {
            members.conversations.push(doc.conversation_id.clone());
            members.conversations.len() - 1
        });
        members.list.push(Member { conversation, position: doc.position, at: doc.at });
        for word in doc.words.split(' ').filter(|word| !word.is_empty()) {
            words.entry((doc.field(), word)).or_default().push(number);
        }
    }
    let mut words: Vec<_> = words.into_iter().collect();
    words.sort_unstable_by_key(|(key, _)| *key);
    let mut rows: Vec<(String, Vec<u8>)> = Vec::new();
    let mut open = None;
    for ((field, word), postings) in words {
        if postings.bytes.len() > HEAVY {
            let mut entries = Vec::new();
            put_entry(&mut entries, word.as_bytes(), &postings.bytes);
            rows.push((own_head(field, word), entries));
            continue;
        }
        let head = head(field, word);
        let row = open.filter(|row: &usize| rows.get(*row).is_some_and(|(open, _)| *open == head)).unwrap_or_else(|| {
            rows.push((head, Vec::new()));
            rows.len() - 1
        });
        open = Some(row);
        put_entry(&mut rows[row].1, word.as_bytes(), &postings.bytes);
    }
    Block { newest: docs.first().map_or(0, |doc| doc.at), members: members.encode(), words: rows }
}

/// The head under which a word stands with others.
fn head(field: Field, word: &str) -> String {
    let mut head = beginning(field);
    head.extend(word.chars().take(HEAD_CHARS));
    head
}

/// The head under which a word stands by itself.
fn own_head(field: Field, word: &str) -> String {
    let mut head = beginning(field);
    head.push(OWN);
    head.push_str(word);
    head
}

fn beginning(field: Field) -> String {
    if field == Field::Title { String::from(TITLE) } else { String::new() }
}

/// Where in a block a word of a question may stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heads {
    /// Under these.
    pub exact: Vec<String>,
    /// Under those that begin like one of these.
    pub begin: Vec<String>,
}

/// The heads under which `word`, or with `prefix` what begins with it, may stand.
pub fn heads(field: Field, word: &str, prefix: bool) -> Heads {
    let mut heads = Heads::default();
    if prefix {
        heads.begin.push(own_head(field, word));
    } else {
        heads.exact.push(own_head(field, word));
    }
    if prefix && word.chars().nth(HEAD_CHARS - 1).is_none() {
        heads.begin.push(head(field, word));
    } else {
        heads.exact.push(head(field, word));
    }
    heads
}

impl Heads {
    /// Whether a row with this head belongs to it.
    pub fn cover(&self, head: &str) -> bool {
        self.exact.iter().any(|exact| exact == head) || self.begin.iter().any(|begin| head.starts_with(begin.as_str()))
    }
}

/// A set of members.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Set(Vec<u64>);

impl Set {
    /// Keeps what the other has too.
    pub fn keep(&mut self, other: &Self) {
        self.0.truncate(other.0.len());
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            *mine &= theirs;
        }
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|bits| *bits == 0)
    }

    /// In order, so the newest member first.
    pub fn numbers(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().flat_map(|(at, bits)| (0..64).filter(move |bit| bits >> bit & 1 == 1).map(move |bit| at * 64 + bit))
    }

    fn insert(&mut self, number: usize) {
        let at = number / 64;
        if at >= self.0.len() {
            self.0.resize(at + 1, 0);
        }
        self.0[at] |= 1 << (number % 64);
    }
}

/// Adds the members that have one of the words to `found`.
///
/// # Errors
/// [`Error::Internal`] if the stored bytes are not what [`build`] makes.
pub fn look_up(entries: &[u8], matches: impl Fn(&[u8]) -> bool, found: &mut Set) -> Result<(), Error> {
    let mut reader = Reader(entries);
    while let Some((word, postings)) = reader.entry()? {
        if matches(word) {
            let mut numbers = Numbers::of(postings);
            while let Some(number) = numbers.next()? {
                found.insert(number);
            }
        }
    }
    Ok(())
}

/// The entries without the members that are `gone`, or `None` if they had none of them.
///
/// # Errors
/// As [`look_up`].
pub fn without(entries: &[u8], gone: &dyn Fn(usize) -> bool) -> Result<Option<Vec<u8>>, Error> {
    let (mut kept, mut changed) = (Vec::with_capacity(entries.len()), false);
    let mut reader = Reader(entries);
    while let Some((word, postings)) = reader.entry()? {
        let mut left = Postings::default();
        let mut numbers = Numbers::of(postings);
        while let Some(number) = numbers.next()? {
            if gone(number) {
                changed = true;
            } else {
                left.push(number);
            }
        }
        if !left.bytes.is_empty() {
            put_entry(&mut kept, word, &left.bytes);
        }
    }
    Ok(changed.then_some(kept))
}

impl Members {
    /// As it is stored.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        put(&mut bytes, self.conversations.len() as u64);
        for id in &self.conversations {
            put_bytes(&mut bytes, id.as_bytes());
        }
        let mut before = self.list.first().map_or(0, |member| member.at);
        put(&mut bytes, before.cast_unsigned());
        for member in &self.list {
            put(&mut bytes, member.conversation as u64);
            put(&mut bytes, member.position.map_or(0, |position| position.cast_unsigned() + 1));
            put(&mut bytes, before.abs_diff(member.at));
            before = member.at;
        }
        bytes
    }

    /// Reads what [`Self::encode`] made.
    ///
    /// # Errors
    /// [`Error::Internal`] if it isn't that.
    pub fn decode(bytes: &[u8]) -> Result<Self, Error> {
        let mut reader = Reader(bytes);
        let count = reader.size()?;
        let mut conversations = Vec::with_capacity(count.min(MOST));
        for _ in 0..count {
            let id = reader.bytes()?;
            conversations.push(String::from_utf8(id.to_vec()).map_err(|_| damaged())?);
        }
        let mut at = reader.number()?.cast_signed();
        let mut list = Vec::new();
        while !reader.0.is_empty() {
            let conversation = reader.size()?;
            let position = reader.number()?.checked_sub(1).map(u64::cast_signed);
            at = at.wrapping_sub_unsigned(reader.number()?);
            list.push(Member { conversation, position, at });
        }
        Ok(Self { conversations, list })
    }
}

/// Numbers in rising order, each as its distance from the one before.
#[derive(Default)]
struct Postings {
    bytes: Vec<u8>,
    next: usize,
}

impl Postings {
    fn push(&mut self, number: usize) {
        put(&mut self.bytes, number.saturating_sub(self.next) as u64);
        self.next = number + 1;
    }
}

struct Numbers<'a> {
    reader: Reader<'a>,
    next: usize,
}

impl<'a> Numbers<'a> {
    fn of(postings: &'a [u8]) -> Self {
        Self { reader: Reader(postings), next: 0 }
    }

    fn next(&mut self) -> Result<Option<usize>, Error> {
        if self.reader.0.is_empty() {
            return Ok(None);
        }
        let number = self.reader.size()?.checked_add(self.next).filter(|number| *number < MOST).ok_or_else(damaged)?;
        self.next = number + 1;
        Ok(Some(number))
    }
}

fn put_entry(entries: &mut Vec<u8>, word: &[u8], postings: &[u8]) {
    put_bytes(entries, word);
    put_bytes(entries, postings);
}

fn put_bytes(to: &mut Vec<u8>, bytes: &[u8]) {
    put(to, bytes.len() as u64);
    to.extend_from_slice(bytes);
}

/// Seven bits a byte, the lowest first; the eighth says that more follow.
fn put(to: &mut Vec<u8>, mut number: u64) {
    loop {
        let [low, ..] = number.to_le_bytes();
        number >>= 7;
        if number == 0 {
            return to.push(low & 0x7f);
        }
        to.push(low | 0x80);
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn number(&mut self) -> Result<u64, Error> {
        let (mut number, mut shift) = (0, 0);
        loop {
            let (first, rest) = self.0.split_first().ok_or_else(damaged)?;
            self.0 = rest;
            number |= u64::from(first & 0x7f).checked_shl(shift).ok_or_else(damaged)?;
            if first & 0x80 == 0 {
                return Ok(number);
            }
            shift += 7;
        }
    }

    fn size(&mut self) -> Result<usize, Error> {
        usize::try_from(self.number()?).map_err(|_| damaged())
    }

    fn bytes(&mut self) -> Result<&'a [u8], Error> {
        let (bytes, rest) = self.size().and_then(|size| self.0.split_at_checked(size).ok_or_else(damaged))?;
        self.0 = rest;
        Ok(bytes)
    }

    fn entry(&mut self) -> Result<Option<(&'a [u8], &'a [u8])>, Error> {
        if self.0.is_empty() { Ok(None) } else { Ok(Some((self.bytes()?, self.bytes()?))) }
    }
}

fn damaged() -> Error {
    Error::Internal("a block of the search index is damaged".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doc(conversation: &str, position: Option<i64>, at: i64, words: &str) -> Doc {
        Doc { conversation_id: conversation.to_owned(), position, at, words: words.to_owned() }
    }

    fn find(block: &Block, field: Field, prefix: &str) -> Vec<usize> {
        let mut found = Set::default();
        for (head, entries) in &block.words {
            if heads(field, prefix, true).cover(head) {
                look_up(entries, |word| word.starts_with(prefix.as_bytes()), &mut found).unwrap();
            }
        }
        found.numbers().collect()
    }

    #[test]
    fn a_word_that_many_have_is_a_row_by_itself() {
        let docs = (0..500).map(|n| doc("conv_a", Some(n), n, if n % 2 == 0 { "the then 茶" } else { "the" })).collect();
        let block = build(docs);
        let heads_of = |word, prefix| block.words.iter().filter(|(head, _)| heads(Field::Message, word, prefix).cover(head)).count();
        assert_eq!(block.words.len(), 3);
        assert_eq!((heads_of("the", false), heads_of("the", true), heads_of("t", true), heads_of("to", false)), (1, 2, 2, 0));
        assert_eq!(find(&block, Field::Message, "the").len(), 500);
        assert_eq!(find(&block, Field::Message, "then").len(), 250);
        assert_eq!(find(&block, Field::Message, "茶").len(), 250);
    }

    #[test]
    fn a_block_finds_what_was_put_in_newest_first() {
        let docs = vec![
            doc("conv_a", None, 5, "about tea"),
            doc("conv_a", Some(0), 5, "green tea steeps"),
            doc("conv_b", Some(7), 9, "tea t 茶"),
            doc("conv_a", Some(130), -3, "teapot 茶道"),
        ];
        let block = build(docs);
        assert_eq!(block.newest, 9);
        let members = Members::decode(&block.members).unwrap();
        assert_eq!(members.conversations, ["conv_b", "conv_a"]);
        let list: Vec<_> = members.list.iter().map(|m| (m.conversation, m.position, m.at)).collect();
        assert_eq!(list, [(0, Some(7), 9), (1, Some(0), 5), (1, None, 5), (1, Some(130), -3)]);
        assert_eq!(find(&block, Field::Message, "tea"), [0, 1, 3]);
        assert_eq!(find(&block, Field::Message, "teap"), [3]);
        assert_eq!(find(&block, Field::Message, "t"), [0, 1, 3]);
        assert_eq!(find(&block, Field::Message, "茶"), [0, 3]);
        assert_eq!(find(&block, Field::Title, "t"), [2]);
        assert_eq!(find(&block, Field::Message, "coffee"), Vec::<usize>::new());
    }

    #[test]
    fn what_is_erased_leaves_no_word_behind() {
        let block = build(vec![doc("conv_a", Some(0), 1, "secret shared"), doc("conv_b", Some(0), 2, "shared")]);
        let (_, entries) = block.words.iter().find(|(head, _)| head == "se").unwrap();
        assert_eq!(without(entries, &|number| number == 1).unwrap(), Some(Vec::new()));
        let (_, entries) = block.words.iter().find(|(head, _)| head == "sh").unwrap();
        let kept = without(entries, &|number| number == 1).unwrap().unwrap();
        let mut left = Set::default();
        look_up(&kept, |_| true, &mut left).unwrap();
        assert_eq!(left.numbers().collect::<Vec<_>>(), [0]);
        assert_eq!(without(entries, &|number| number == 9).unwrap(), None);
    }

    #[test]
    fn damaged_bytes_are_an_error_and_no_panic() {
        for bytes in [&[0x80][..], &[5, 1], &[1, b'x', 3, 0xff, 0xff, 0xff], &[1, b'x', 2, 0xff, 0x7f], &[0xff; 20]] {
            assert!(look_up(bytes, |_| true, &mut Set::default()).is_err(), "{bytes:?}");
            assert!(without(bytes, &|_| false).is_err(), "{bytes:?}");
        }
        assert!(Members::decode(&[3, 1]).is_err() && Members::decode(&[]).is_err());
    }

    #[test]
    fn sets_keep_what_both_have() {
        let set = |numbers: &[usize]| {
            let mut set = Set::default();
            for number in numbers {
                set.insert(*number);
            }
            set
        };
        let mut both = set(&[1, 64, 4_000]);
        both.keep(&set(&[0, 64, 65]));
        assert_eq!(both.numbers().collect::<Vec<_>>(), [64]);
        both.keep(&set(&[]));
        assert!(both.is_empty());
    }
}
