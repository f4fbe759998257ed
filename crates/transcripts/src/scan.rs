//! Splits a JSON file of any size into its elements without reading it into memory.
//!
//! Only brackets and strings are looked at, with a counter instead of recursion, so depth costs
//! nothing and a syntax error inside an element stays inside it as long as its brackets balance. What
//! an element means is for `serde_json` to say.

use std::io::{self, Read};

use memchr::memchr2;

use crate::Error;

/// How much is read at a time.
const CHUNK_BYTES: usize = 512 << 10;
/// A buffer that grew over this for one big element is given back.
const KEPT_BUFFER_BYTES: usize = 8 << 20;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// One step through the file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// A top-level value, or an element of the top-level array (or of the array that a top-level
    /// object has under `conversations`).
    Value(&'a [u8]),
    /// The same, but over the size cap: its bytes are gone.
    TooLong {
        /// How long it was.
        bytes: u64,
    },
    /// The array's end.
    ArrayEnd,
    /// The file's end.
    End,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Between top-level values.
    Top,
    /// In an array; whether that lies in a top-level object.
    Array { wrapped: bool },
    /// After the array in a top-level object.
    Tail,
}

enum Scanned {
    Value,
    /// `{… "conversations": [` was entered.
    Wrapper,
}

/// Reads pieces off a JSON file.
pub(crate) struct Splitter<R> {
    reader: R,
    max_value_bytes: usize,
    buffer: Vec<u8>,
    /// The file's byte that `buffer` begins with.
    offset: u64,
    /// Where the current value begins in `buffer`.
    start: usize,
    /// The next byte to look at in `buffer`.
    next: usize,
    place: Place,
    began: bool,
    /// The current value is over the cap (or not wanted): its bytes are dropped while it is passed.
    dropping: bool,
    /// What the reader failed with after it had given some more bytes.
    failed: Option<io::Error>,
}

impl<R: Read> Splitter<R> {
    /// A splitter at the beginning of `reader`.
    pub(crate) fn new(reader: R, max_value_bytes: usize) -> Self {
        Self {
            reader,
            max_value_bytes,
            buffer: Vec::new(),
            offset: 0,
            start: 0,
            next: 0,
            place: Place::Top,
            began: false,
            dropping: false,
            failed: None,
        }
    }

    /// How many bytes were passed.
    pub(crate) fn consumed_bytes(&self) -> u64 {
        self.offset + self.next as u64
    }

    /// What there is of the value at which the file broke off.
    pub(crate) fn remainder(&self) -> &[u8] {
        self.buffer.get(self.start..).unwrap_or_default()
    }

    /// The next piece.
    ///
    /// # Errors
    /// [`Error::Damaged`] where the brackets stop making sense or the file ends inside one, [`Error::Io`].
    pub(crate) fn next_piece(&mut self) -> Result<Piece<'_>, Error> {
        self.begin()?;
        self.dropping = false;
        loop {
            self.start = self.next;
            if self.buffer.capacity() > KEPT_BUFFER_BYTES {
                self.forget(self.start);
                self.buffer.shrink_to(CHUNK_BYTES * 2);
            }
            let Some(byte) = self.peek()? else {
                return match self.place {
                    Place::Top => Ok(Piece::End),
                    Place::Array { .. } => Err(self.damage("it ends in the middle of its list")),
                    Place::Tail => Err(self.damage("it ends before its last bracket")),
                };
            };
            self.start = self.next;
            match (self.place, byte) {
                (Place::Top, b'[') => {
                    self.next += 1;
                    self.place = Place::Array { wrapped: false };
                }
                (Place::Top, b'{') => {
                    let value_at = self.consumed_bytes();
                    if let Scanned::Value = self.pass(0, true)? {
                        return Ok(self.value(value_at));
                    }
                    self.place = Place::Array { wrapped: true };
                }
                (Place::Top, _) => return Err(self.damage("no object and no list begins here")),
                (Place::Array { wrapped }, b']') => {
                    self.next += 1;
                    self.place = if wrapped { Place::Tail } else { Place::Top };
                    return Ok(Piece::ArrayEnd);
                }
                (Place::Array { .. }, b',') => self.next += 1,
                (Place::Array { .. }, b'}') => {
                    return Err(self.damage("a bracket closes that was never opened"));
                }
                (Place::Array { .. }, _) => {
                    let value_at = self.consumed_bytes();
                    self.pass(0, false)?;
                    return Ok(self.value(value_at));
                }
                (Place::Tail, _) => {
                    self.dropping = true;
                    self.pass(1, false)?;
                    self.dropping = false;
                    self.place = Place::Top;
                }
            }
        }
    }

    /// Passes a byte order mark.
    fn begin(&mut self) -> Result<(), Error> {
        if !self.began {
            self.began = true;
            while self.buffer.len() < BYTE_ORDER_MARK.len() && self.refill()? {}
            if self.buffer.starts_with(BYTE_ORDER_MARK) {
                self.next = BYTE_ORDER_MARK.len();
            }
        }
        Ok(())
    }

    /// The value that was just passed and began at byte `value_at` of the file.
    fn value(&self, value_at: u64) -> Piece<'_> {
        let json = self.buffer.get(self.start..self.next).unwrap_or_default();
        if self.dropping || json.len() > self.max_value_bytes {
            let bytes = self.consumed_bytes() - value_at;
            return Piece::TooLong { bytes };
        }
        Piece::Value(json)
    }

    /// Passes one value from `next` on, with `depth` brackets open already.
    ///
    /// With `look_for_list`, the key `conversations` at depth 1 with a list behind it ends the passing
    /// just inside that list.
    fn pass(&mut self, mut depth: usize, look_for_list: bool) -> Result<Scanned, Error> {
        loop {
            let rest = self.buffer.get(self.next..).unwrap_or_default();
            let found = rest.iter().position(|byte| STRUCTURAL[usize::from(*byte)]);
            let Some(skipped) = found else {
                self.next = self.buffer.len();
                if self.refill()? {
                    continue;
                }
                return Err(self.damage("it ends in the middle of a conversation"));
            };
            let byte = rest.get(skipped).copied().unwrap_or_default();
            self.next += skipped;
            match byte {
                b'"' => {
                    let quote = self.next - self.start;
                    self.pass_string()?;
                    if depth == 0 {
                        return Ok(Scanned::Value);
                    }
                    if look_for_list && depth == 1 && self.enters_list(quote)? {
                        return Ok(Scanned::Wrapper);
                    }
                }
                b'{' | b'[' => {
                    self.next += 1;
                    depth += 1;
                }
                // What closes or separates without anything open ends a bare word such as `null`.
                _ if depth == 0 => return Ok(Scanned::Value),
                b',' => self.next += 1,
                _ => {
                    self.next += 1;
                    depth -= 1;
                    if depth == 0 {
                        return Ok(Scanned::Value);
                    }
                }
            }
        }
    }

    /// Passes the string whose opening quote is at `next`.
    fn pass_string(&mut self) -> Result<(), Error> {
        self.next += 1;
        loop {
            let rest = self.buffer.get(self.next..).unwrap_or_default();
            match memchr2(b'"', b'\\', rest) {
                Some(found) if rest.get(found) == Some(&b'"') => {
                    self.next += found + 1;
                    return Ok(());
                }
                Some(found) => {
                    self.next += found + 1;
                    if self.next == self.buffer.len() && !self.refill()? {
                        return Err(self.damage("it ends in the middle of a string"));
                    }
                    self.next += 1;
                }
                None => {
                    self.next = self.buffer.len();
                    if !self.refill()? {
                        return Err(self.damage("it ends in the middle of a string"));
                    }
                }
            }
        }
    }

    /// Whether the key that begins at `quote` (counted from `start`) is `conversations` and a list
    /// follows; if so, `next` is inside that list afterwards.
    fn enters_list(&mut self, quote: usize) -> Result<bool, Error> {
        let key = self.start + quote..self.next;
        if self.dropping || self.buffer.get(key) != Some(b"\"conversations\"".as_slice()) {
            return Ok(false);
        }
        if self.peek()? != Some(b':') {
            return Ok(false);
        }
        self.next += 1;
        if self.peek()? != Some(b'[') {
            return Ok(false);
        }
        self.next += 1;
        Ok(true)
    }

    /// Passes whitespace; the byte after it, `None` at the file's end.
    fn peek(&mut self) -> Result<Option<u8>, Error> {
        loop {
            let rest = self.buffer.get(self.next..).unwrap_or_default();
            let word = rest.trim_ascii_start();
            if let Some(byte) = word.first().copied() {
                self.next += rest.len() - word.len();
                return Ok(Some(byte));
            }
            self.next = self.buffer.len();
            if !self.refill()? {
                return Ok(None);
            }
        }
    }

    /// Reads on; false at the file's end. What lies before `start` is forgotten.
    fn refill(&mut self) -> Result<bool, Error> {
        if let Some(failed) = self.failed.take() {
            return Err(Error::Io(failed));
        }
        self.dropping |= self.next - self.start > self.max_value_bytes;
        self.forget(if self.dropping { self.next } else { self.start });
        let before = self.buffer.len();
        let chunk = (&mut self.reader).take(CHUNK_BYTES as u64).read_to_end(&mut self.buffer);
        let more = self.buffer.len() > before;
        match chunk {
            Ok(_) => Ok(more),
            Err(failed) if more => {
                self.failed = Some(failed);
                Ok(true)
            }
            Err(failed) => Err(Error::Io(failed)),
        }
    }

    fn forget(&mut self, bytes: usize) {
        self.buffer.drain(..bytes);
        self.offset += bytes as u64;
        self.next -= bytes;
        self.start = 0;
    }

    fn damage(&self, reason: &str) -> Error {
        Error::Damaged { offset: self.consumed_bytes(), reason: reason.to_owned() }
    }
}

/// The bytes outside strings that matter.
const STRUCTURAL: [bool; 256] = {
    let mut table = [false; 256];
    table[b'"' as usize] = true;
    table[b'{' as usize] = true;
    table[b'}' as usize] = true;
    table[b'[' as usize] = true;
    table[b']' as usize] = true;
    table[b',' as usize] = true;
    table
};
