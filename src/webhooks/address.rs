//! Which addresses an endpoint may have. The socket's own check is `providers::resolver`'s, at each attempt; this one
//! is for the person who types, and for addresses that are written as numbers.

use reqwest::Url;

use crate::config::Config;
use crate::error::Error;
use crate::providers::address::{self, Reach, Refused};

/// The longest address.
const MAX_CHARS: usize = 2_000;

/// How far endpoints may lie.
pub fn reach(config: &Config) -> Reach {
    if config.private_webhooks { Reach::Private } else { Reach::Public }
}

/// Reads an endpoint's address: https, without a name or password in it; a query is fine. Plain http only where private
/// addresses are allowed.
///
/// # Errors
/// [`Error::Invalid`] for `url`.
pub fn check(url: &str, config: &Config) -> Result<Url, Error> {
    let refused = |words: &str| Err(Error::invalid("url", words));
    let url = url.trim();
    if url.chars().count() > MAX_CHARS {
        return refused("The address is longer than 2,000 characters.");
    }
    let bare = url.split('?').next().unwrap_or_default();
    match address::check(bare, reach(config)) {
        Ok(_) if url.contains(['#', '\\']) || url.chars().any(|c| c.is_whitespace() || c.is_control()) => {
            refused("That isn’t the address of a server. It looks like https://example.org/hooks/links.")
        }
        Ok(url) if url.scheme() != "https" && !config.private_webhooks => {
            refused("The address must begin with https://, so that nobody can read what is sent.")
        }
        Ok(_) => Url::parse(url).or_else(|_| refused("That isn’t the address of a server. It looks like https://example.org/hooks/links.")),
        Err(Refused::NoAddress) => refused("That isn’t the address of a server. It looks like https://example.org/hooks/links."),
        Err(Refused::Credentials) => {
            refused("An address with a name or password in it can’t be used. The signature says that a request is ours.")
        }
        Err(Refused::Private) => refused(PRIVATE),
        Err(Refused::Forbidden) => refused("That address is never asked: it is one of those at which clouds keep their machines’ secrets."),
    }
}

/// What is said about an address in this machine or its network.
pub const PRIVATE: &str =
    "That address lies in this machine or its own network. Whoever runs the server can allow it: private_webhooks = true in takeback.toml.";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Options;

    #[test]
    fn an_address_is_public_and_https_unless_the_server_says_otherwise() {
        let mut config = Config::load(&Options::default()).unwrap();
        let says = |url: &str, config: &Config| match check(url, config) {
            Ok(url) => url.to_string(),
            Err(Error::Invalid { field: "url", words }) => words,
            Err(other) => panic!("{other:?}"),
        };
        assert_eq!(says(" https://example.org/hooks?token=a/b ", &config), "https://example.org/hooks?token=a/b");
        for (url, words) in [
            ("http://example.org/", "must begin with https://"),
            ("https://127.0.0.1/", "private_webhooks"),
            ("https://0x7f.1/?x", "private_webhooks"),
            ("https://[::1]/", "private_webhooks"),
            ("https://169.254.169.254/latest", "clouds"),
            ("https://ada:pw@example.org/", "name or password"),
            ("https://example.org/#x", "isn’t the address"),
            ("https://example.org/?a b", "isn’t the address"),
            ("https://example.org/\\@127.0.0.1", "isn’t the address"),
            ("ftp://example.org/", "isn’t the address"),
            ("", "isn’t the address"),
        ] {
            assert!(says(url, &config).contains(words), "{url}: {}", says(url, &config));
        }
        config.private_webhooks = true;
        assert_eq!(says("http://127.0.0.1:9/x", &config), "http://127.0.0.1:9/x");
        assert!(says("https://169.254.169.254/latest", &config).contains("clouds"));
    }
}
