//! Ids and secret tokens.
//!
//! An id is a prefix and 22 base58 characters of 128 random bits: nothing in it comes from time or content, so it
//! can't be guessed. A link's id is its secret; that is why share ids never reach a log.

use sha2::{Digest, Sha256};

use crate::clock::random_bytes;

/// Characters of an id after its prefix.
pub const BODY_LEN: usize = 22;

const ALPHABET: &bs58::Alphabet = bs58::Alphabet::BITCOIN;

/// A new id: `prefix`, an underscore, and 22 base58 characters.
pub fn new(prefix: &str) -> String {
    format!("{prefix}_{}", body(&random_bytes::<16>()))
}

/// 64 random bits that ids made together begin with, see [`new_near`].
pub fn new_place() -> [u8; 8] {
    random_bytes()
}

/// A new id like those of [`new`], whose first 64 random bits are `place`. For rows that are written together by the
/// hundred thousand: ids that begin alike lie on the same pages of an index, where wholly random ones touch a page
/// each (measured: an import writes a fifth of the bytes). Never for what is a secret by its id.
pub fn new_near(prefix: &str, place: [u8; 8]) -> String {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&place);
    bytes[8..].copy_from_slice(&random_bytes::<8>());
    format!("{prefix}_{}", body(&bytes))
}

/// A new secret of 256 random bits for cookies and one-time links, 43 or 44 base58 characters.
pub fn new_secret() -> String {
    bs58::encode(random_bytes::<32>()).with_alphabet(ALPHABET).into_string()
}

/// What is stored of a secret.
pub fn hash_secret(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

/// The link id that a URL's last segment names, if it could be one. Accepts only what [`new`] can make, so that a
/// malformed address costs no question to the database.
pub fn link_id_from_token(token: &str) -> Option<String> {
    is_body(token).then(|| format!("link_{token}"))
}

/// Whether `text` could be an id of this prefix. What can't be is refused without asking the database.
pub fn is_id(prefix: &str, text: &str) -> bool {
    text.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('_')).is_some_and(is_body)
}

/// A URL's last segment: the id without its prefix.
pub fn token_of(id: &str) -> &str {
    id.split_once('_').map_or(id, |(_, body)| body)
}

fn is_body(text: &str) -> bool {
    text.len() == BODY_LEN && text.bytes().all(|b| b.is_ascii_alphanumeric() && !matches!(b, b'0' | b'O' | b'I' | b'l'))
}

/// Base58 of 16 bytes takes 16 to 22 characters; padded with the digit zero (`1`) to 22.
fn body(bytes: &[u8; 16]) -> String {
    let text = bs58::encode(bytes).with_alphabet(ALPHABET).into_string();
    format!("{text:1>BODY_LEN$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_names_its_link() {
        let id = new("link");
        assert!(is_id("link", &id) && !is_id("conv", &id) && !is_id("lin", &id) && !is_id("", &id));
        assert_eq!(link_id_from_token(token_of(&id)), Some(id));
    }

    #[test]
    fn what_no_id_can_be_is_refused() {
        for token in ["", "short", "0OIl567890123456789012", "../../../../../../../..", "3bXk3bXk3bXk3bXk3bXk3bXk"] {
            assert_eq!(link_id_from_token(token), None, "{token}");
            assert!(!is_id("link", &format!("link_{token}")), "{token}");
        }
    }

    #[test]
    fn ids_of_one_place_lie_together_and_differ() {
        let place = [7; 8];
        let ids: std::collections::HashSet<String> = (0..1000).map(|_| new_near("msg", place)).collect();
        assert_eq!(ids.len(), 1000);
        assert!(ids.iter().all(|id| id.len() == 4 + BODY_LEN && id.starts_with(&new_near("msg", place)[..4 + 9])), "{ids:?}");
    }

    #[test]
    fn every_id_has_the_same_length_even_when_the_bits_start_with_zeros() {
        assert_eq!(body(&[0; 16]).len(), BODY_LEN);
        assert_eq!(body(&[255; 16]).len(), BODY_LEN);
    }
}
