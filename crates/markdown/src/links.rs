//! Which addresses may become links, and how they are written.

use std::fmt::Write as _;

use url::Url;

use crate::escape;
use crate::limits::HINT_CHARS;

/// What every link out says: it gets no handle on the page, no referrer and no recommendation.
pub(crate) const REL: &str = "noopener noreferrer nofollow ugc";

/// An address that may be followed.
pub(crate) struct Target {
    /// Percent-encoded; still to be escaped as an attribute.
    pub(crate) href: String,
    /// In ASCII: names with other letters as punycode. `None` for mail.
    pub(crate) host: Option<String>,
}

/// Decides on an address of a message, already without entities and backslashes. Only absolute `http`, `https` and
/// `mailto` addresses are links: a message has no base that a relative one could be resolved with, and a special
/// scheme without `//` would be resolved with the page's.
pub(crate) fn target(address: &str) -> Option<Target> {
    let href = percent_encoded(address);
    let scheme = href.split_once(':')?.0.to_ascii_lowercase();
    let after_colon = &href[scheme.len() + 1..];
    let parsed = Url::parse(&href).ok()?;
    match scheme.as_str() {
        "http" | "https" if after_colon.starts_with("//") && parsed.scheme() == scheme => {
            let host = parsed.host_str().filter(|host| !host.is_empty())?.to_owned();
            Some(Target { href, host: Some(host) })
        }
        "mailto" if !after_colon.is_empty() && parsed.scheme() == "mailto" => Some(Target { href, host: None }),
        _ => None,
    }
}

/// Opens a link. The title is what Markdown calls so, empty for none.
pub(crate) fn open(out: &mut String, target: &Target, title: &str, class: Option<&str>) {
    out.push_str("<a");
    if let Some(class) = class {
        // Writing to a String can't fail.
        let _ = write!(out, " class=\"{class}\"");
    }
    out.push_str(" href=\"");
    escape::attribute(out, &target.href);
    out.push('"');
    title_attribute(out, title);
    let _ = write!(out, " rel=\"{REL}\">");
}

/// Opens what stands for a link that can't be followed, its address as a hint; closed by `</span>`.
pub(crate) fn open_unlinked(out: &mut String, address: &str) {
    out.push_str("<span class=\"unlinked\"");
    title_attribute(out, address);
    out.push('>');
}

fn title_attribute(out: &mut String, title: &str) {
    if title.is_empty() {
        return;
    }
    out.push_str(" title=\"");
    match title.char_indices().nth(HINT_CHARS) {
        Some((cut, _)) => {
            escape::attribute(out, &title[..cut]);
            out.push('…');
        }
        None => escape::attribute(out, title),
    }
    out.push('"');
}

/// The address with everything percent-encoded that may not stand in one, as CommonMark's examples have it.
fn percent_encoded(address: &str) -> String {
    let mut encoded = String::with_capacity(address.len());
    for byte in address.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.+!*'(),%#@?=;:/&$~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String can't fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absolute_addresses_are_links() {
        let linked = |address: &str| target(address).map(|target| (target.href, target.host));
        assert_eq!(
            linked("https://example.org/a b?ä"),
            Some(("https://example.org/a%20b?%C3%A4".to_owned(), Some("example.org".to_owned())))
        );
        assert_eq!(
            linked("HTTP://bücher.example"),
            Some(("HTTP://b%C3%BCcher.example".to_owned(), Some("xn--bcher-kva.example".to_owned())))
        );
        assert_eq!(linked("mailto:a@b.example"), Some(("mailto:a@b.example".to_owned(), None)));
    }

    #[test]
    fn everything_else_is_not() {
        for address in [
            "",
            "/a",
            "a/b",
            "#a",
            "?a",
            "//example.org",
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            " javascript:alert(1)",
            "java\tscript:alert(1)",
            "\u{1}javascript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "https:example.org",
            "https:/example.org",
            "https:\\\\example.org",
            "http://",
            "http:///",
            "mailto:",
            "ftp://example.org",
            "blob:https://example.org/x",
            "about:blank",
            "https\u{FF1A}//example.org",
            "view-source:https://example.org",
            "http://[::1",
            "http://a%00b",
        ] {
            assert!(target(address).is_none(), "{address:?} became a link");
        }
    }
}
