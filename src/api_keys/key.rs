//! What a key looks like: `tb-`, 44 base58 characters of 256 random bits, and 6 of a checksum: 53 in all.
//!
//! A secret scanner finds one by `\btb-[1-9A-HJ-NP-Za-km-z]{50}\b` and knows by the checksum that it is no accident:
//! the last 6 characters are the base58 number (first digit first, padded with `1`) of the first 4 bytes of the
//! SHA-256 of all that stands before them, the prefix included.

use sha2::{Digest, Sha256};

use crate::clock::random_bytes;

/// What every key begins with.
pub const PREFIX: &str = "tb-";
const SECRET_CHARS: usize = 44;
const CHECKSUM_CHARS: usize = 6;
/// Characters of a key.
pub const LEN: usize = PREFIX.len() + SECRET_CHARS + CHECKSUM_CHARS;

/// A new key.
pub fn mint() -> String {
    let body = format!("{PREFIX}{}", padded(&random_bytes::<32>(), SECRET_CHARS));
    let checksum = checksum(&body);
    body + &checksum
}

/// Whether this can be a key. What can't costs no question to the database.
pub fn is_whole(text: &str) -> bool {
    let parts = (text.len() == LEN && text.is_ascii()).then(|| text.split_at(LEN - CHECKSUM_CHARS));
    parts.is_some_and(|(body, end)| body.starts_with(PREFIX) && checksum(body) == end)
}

/// Its first and last characters, for lists: enough to tell one from another, of no use to anybody else.
pub fn hint(key: &str) -> String {
    let beginning: String = key.chars().take(PREFIX.len() + 4).collect();
    let end: String = key.chars().skip(LEN - 4).collect();
    format!("{beginning}…{end}")
}

fn checksum(body: &str) -> String {
    padded(&Sha256::digest(body.as_bytes())[..4], CHECKSUM_CHARS)
}

/// Base58, padded with the digit zero (`1`).
fn padded(bytes: &[u8], chars: usize) -> String {
    let text = bs58::encode(bytes).into_string();
    format!("{text:1>chars$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_found_by_the_scanner_s_rule() {
        for _ in 0..2_000 {
            let key = mint();
            assert_eq!(key.len(), 53);
            assert!(key.starts_with("tb-") && is_whole(&key), "{key}");
            let known = |c: char| c.is_ascii_alphanumeric() && !"0OIl".contains(c);
            assert!(key[3..].chars().all(known), "{key}");
        }
        assert_eq!(padded(&[0; 32], SECRET_CHARS).len(), SECRET_CHARS);
        assert_eq!(padded(&[255; 32], SECRET_CHARS).len(), SECRET_CHARS);
        assert_eq!(padded(&[255; 4], CHECKSUM_CHARS).len(), CHECKSUM_CHARS);
    }

    #[test]
    fn a_mistyped_key_is_seen_without_the_database() {
        let key = mint();
        for at in 0..key.len() {
            let other = if key.as_bytes()[at] == b'2' { "3" } else { "2" };
            let mut mistyped = key.clone();
            mistyped.replace_range(at..=at, other);
            assert!(!is_whole(&mistyped), "{mistyped}");
        }
        for text in ["", "tb-", &key[..52], &format!("{key}2"), &"é".repeat(27), &key.replace("tb-", "sk-")] {
            assert!(!is_whole(text), "{text}");
        }
        // An example for whoever writes a scanner.
        assert!(is_whole(&format!("tb-{}{}", "1".repeat(44), checksum(&format!("tb-{}", "1".repeat(44))))));
    }

    #[test]
    fn a_hint_is_far_from_the_key() {
        let key = mint();
        assert_eq!(hint(&key), format!("{}…{}", &key[..7], &key[49..]));
    }
}
