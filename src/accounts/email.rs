//! E-mail addresses: what people sign in with. No mail is sent, so only the shape is checked.

use crate::error::Error;

/// The longest address, in characters (RFC 5321 leaves room for 254).
pub const MAX_CHARS: usize = 254;

/// The address as it is kept: trimmed, one @ with something on both sides, no spaces.
///
/// # Errors
/// [`Error::Invalid`] for the field `email`.
pub fn parse(text: &str) -> Result<String, Error> {
    let address = text.trim();
    let shaped = address.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'));
    if !shaped || address.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(Error::invalid("email", "An e-mail address looks like ada@example.org. Correct it."));
    }
    if address.chars().count() > MAX_CHARS {
        return Err(Error::invalid("email", format!("An e-mail address has at most {MAX_CHARS} characters. Use a shorter one.")));
    }
    Ok(address.to_owned())
}

/// What addresses are compared by: two that differ in case only are one.
pub fn key(address: &str) -> String {
    address.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_trimmed_and_kept_as_typed() {
        assert_eq!(parse("  Ada@Example.org ").unwrap(), "Ada@Example.org");
        assert_eq!(key(" Ada@Example.org"), "ada@example.org");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let long = format!("{}@example.org", "a".repeat(MAX_CHARS));
        for text in ["", "ada", "@example.org", "ada@", "a@b@c", "ada love@example.org", "ada@exa\u{0}mple.org", &long] {
            assert!(parse(text).is_err(), "{text:?}");
        }
    }
}
