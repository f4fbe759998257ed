//! Passwords: the rule, the hash, the comparison.
//!
//! Argon2id with 19 MiB, two passes, one lane (the OWASP cheat sheet's first choice, and the default of
//! `password-auth`). Each hashing takes a permit, so that a crowd at the door can't take all memory and cores, and runs
//! where blocking is allowed. Whoever stands before a link waits in another queue than who signs in.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use crate::app::blocking;
use crate::error::Error;

/// The shortest password, in characters (NIST SP 800-63B asks for 8; we ask for a little more).
pub const MIN_CHARS: usize = 10;
/// The longest, in characters.
pub const MAX_CHARS: usize = 256;

/// How long a person waits for a permit.
const PATIENCE: Duration = Duration::from_secs(10);

/// A hash of nothing anybody knows, with the parameters of the real ones: a password for an account that isn't there
/// is compared with it, so that the answer takes as long.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$ZI5kR1qVrEmUkbW1nmtCVA$dTqMIRBNCmLHPAkHLOYRtUTc/Bq2rOP42WHMjGSOlS0";

/// Ten characters or more, and still among the first that are tried.
const COMMON: [&str; 24] = [
    "0123456789",
    "0987654321",
    "123123123123",
    "1234567890",
    "12345678910",
    "123456789a",
    "1q2w3e4r5t",
    "1q2w3e4r5t6y",
    "1qaz2wsx3edc",
    "abcdefghij",
    "administrator",
    "asdfghjkl;",
    "changeme123",
    "iloveyou123",
    "letmein1234",
    "password10",
    "password12",
    "password123",
    "password1234",
    "passwordpassword",
    "qwerty12345",
    "qwerty123456",
    "qwertyuiop",
    "welcome123",
];

/// Whether `password` will do for this person.
///
/// # Errors
/// [`Error::Invalid`] for the field `password`, with the rule that it breaks.
pub fn check(password: &str, email: &str, name: &str) -> Result<(), Error> {
    let refuse = |words: String| Err(Error::invalid("password", words));
    let chars = password.chars().count();
    if chars < MIN_CHARS {
        return refuse(format!(
            "That has {chars} character{}. Use at least {MIN_CHARS}; a few words in a row are good.",
            if chars == 1 { "" } else { "s" }
        ));
    }
    if chars > MAX_CHARS {
        return refuse(format!("A password has at most {MAX_CHARS} characters. Use a shorter one."));
    }
    if password.chars().any(char::is_control) {
        return refuse("That has a character in it that nobody can type, such as the end of a line. Take it out.".to_owned());
    }
    let plain = password.trim().to_lowercase();
    let email = email.trim().to_lowercase();
    let local_part = email.split('@').next().unwrap_or_default();
    if !plain.is_empty() && [email.as_str(), local_part, &name.trim().to_lowercase()].contains(&plain.as_str()) {
        return refuse("That is your name or your e-mail address. Use something that others can't guess.".to_owned());
    }
    let one_character = plain.chars().skip(1).zip(plain.chars()).all(|(a, b)| a == b);
    if one_character || COMMON.contains(&plain.as_str()) {
        return refuse("That is one of the passwords that are tried first. Use a few words in a row instead.".to_owned());
    }
    Ok(())
}

/// What is stored of a password, after a turn in `queue`: [`hashing`](crate::app::Parts::hashing), or
/// [`link_hashing`](crate::app::Parts::link_hashing).
///
/// # Errors
/// [`Error::RateLimited`] when too many others are being hashed.
pub async fn hash(queue: &Arc<Semaphore>, password: &str) -> Result<String, Error> {
    let password = password.to_owned();
    bounded(queue, move || password_auth::generate_hash(password)).await
}

/// Whether `password` is the one that `stored` was made of. Without `stored` (no such account, or one that has no
/// password yet) the answer is no, and takes as long.
///
/// # Errors
/// As [`hash`].
pub async fn verify(queue: &Arc<Semaphore>, password: &str, stored: Option<&str>) -> Result<bool, Error> {
    let stored = stored.filter(|hash| !hash.is_empty());
    let (known, stored) = (stored.is_some(), stored.unwrap_or(NOBODY).to_owned());
    // Nobody's password is longer; the comparison then takes as long as any.
    let (fits, password) = if password.len() <= 4 * MAX_CHARS { (true, password.to_owned()) } else { (false, String::new()) };
    let same = bounded(queue, move || password_auth::verify_password(password, &stored).is_ok()).await?;
    Ok(known && fits && same)
}

async fn bounded<T: Send + 'static>(queue: &Arc<Semaphore>, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    let waiting = tokio::time::timeout(PATIENCE, Arc::clone(queue).acquire_owned());
    let permit = waiting.await.map_err(|_| Error::RateLimited { retry_after_secs: PATIENCE.as_secs() })?.map_err(|_| Error::Unavailable)?;
    blocking(move || {
        // Held by the work itself: a client that hangs up doesn't free it while the core is still busy.
        let _permit = permit;
        Ok(work())
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_s_hash_costs_what_a_real_one_costs() {
        let parameters = |hash: &str| hash.split('$').take(4).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(parameters(NOBODY), parameters(&password_auth::generate_hash("any")));
        assert_eq!(parameters(NOBODY), ["", "argon2id", "v=19", "m=19456,t=2,p=1"]);
        assert_eq!(password_auth::is_hash_obsolete(NOBODY), Ok(false));
        assert_eq!(NOBODY.len(), password_auth::generate_hash("any").len());
    }

    #[test]
    fn a_few_words_will_do() {
        check("correct horse battery staple", "ada@example.org", "Ada").unwrap();
        check(&"ß".repeat(MAX_CHARS - 1).replacen('ß', "a", 1), "ada@example.org", "Ada").unwrap();
    }

    #[test]
    fn short_long_common_and_own_are_refused() {
        let long = "ab".repeat(MAX_CHARS);
        for password in [
            "ninechars",
            "words and\ta tab",
            "            ",
            &long,
            "Password123",
            "aaaaaaaaaaaa",
            "Ada.Lovelace@example.org",
            "ada.lovelace",
            "Ada Lovelace ",
        ] {
            assert!(check(password, "ada.lovelace@example.org", "Ada Lovelace").is_err(), "{password}");
        }
    }
}
