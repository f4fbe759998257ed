//! Names made from content.

use std::fmt::Write;

use sha2::{Digest, Sha256};

/// The SHA-256 of the pieces, each preceded by its length, in lower-case hex.
pub(crate) fn hex(pieces: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for piece in pieces {
        hasher.update((piece.len() as u64).to_le_bytes());
        hasher.update(piece);
    }
    hex_of(&hasher.finalize())
}

/// The first half of [`hex`]: 32 characters, 128 bits.
pub(crate) fn name(pieces: &[&[u8]]) -> String {
    let mut name = hex(pieces);
    name.truncate(32);
    name
}

/// `sha256:` and the plain SHA-256 of the bytes.
pub(crate) fn content_name(bytes: &[u8]) -> String {
    format!("sha256:{}", hex_of(&Sha256::digest(bytes)))
}

fn hex_of(digest: &[u8]) -> String {
    let mut hex = String::with_capacity(digest.len() * 2);
    for byte in digest {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}
