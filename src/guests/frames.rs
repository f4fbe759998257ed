//! On which sites the chat of a link may stand in a frame: those that its owner named, and no other.

use axum::http::{HeaderValue, Uri};

use crate::error::Error;
use crate::storage::{Tx, sql};

/// The most sites of one link.
const MOST: usize = 10;

/// Reads origins as they are typed, one in a line, such as `https://example.org`.
///
/// # Errors
/// [`Error::Invalid`] that names the line that is none.
pub fn read(text: &str) -> Result<Vec<String>, Error> {
    let lines = text.split_whitespace();
    let mut origins: Vec<String> = Vec::new();
    for line in lines {
        let origin = origin(line)
            .ok_or_else(|| Error::invalid("frames", format!("“{line}” is no site. Write it like https://example.org, without a path.")))?;
        if !origins.contains(&origin) {
            origins.push(origin);
        }
    }
    if origins.len() > MOST {
        return Err(Error::invalid("frames", format!("A link can be shown on {MOST} sites. Take some out.")));
    }
    Ok(origins)
}

/// Letters, digits and what stands between them: nothing that could mean something else in a header.
fn origin(line: &str) -> Option<String> {
    let uri: Uri = line.to_ascii_lowercase().parse().ok()?;
    let scheme = uri.scheme_str().filter(|scheme| matches!(*scheme, "https" | "http"))?;
    let authority = uri.authority()?;
    let plain = !uri.path().starts_with("//") && matches!(uri.path(), "" | "/") && uri.query().is_none();
    let host = authority.host();
    let named = !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b':' | b'[' | b']'));
    let port = authority.port_u16().map(|port| format!(":{port}")).unwrap_or_default();
    // Who stands before an @ is no part of a site, and a port that is none is no port.
    (plain && named && authority.as_str() == format!("{host}{port}")).then(|| format!("{scheme}://{host}{port}"))
}

/// Changes them. Whoever calls this has loaded the link through its owner.
///
/// # Errors
/// [`Error::NotFound`] for a link to a conversation.
pub async fn set(tx: &mut Tx, link_id: &str, origins: &[String]) -> Result<(), Error> {
    let query = "UPDATE link_caps SET frames = $1 WHERE link_id = $2";
    sql::one_row(&sqlx::query(query).bind(origins.join(" ")).bind(link_id).execute(tx).await?)
}

/// The sites of a link that the gate found open, or that its owner asks for.
pub async fn of(tx: &mut Tx, link_id: &str) -> Result<Vec<String>, Error> {
    let query = "SELECT frames FROM link_caps WHERE link_id = $1";
    let frames: Option<String> = sqlx::query_scalar(query).bind(link_id).fetch_optional(tx).await?;
    Ok(frames.unwrap_or_default().split(' ').filter(|origin| !origin.is_empty()).map(str::to_owned).collect())
}

/// What the page in the frame may load, and who may show it: nothing of the application's own rule but what a chat needs.
pub fn policy(origins: &[String]) -> Result<HeaderValue, Error> {
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors {}",
        origins.join(" ")
    );
    HeaderValue::from_str(&policy).map_err(|_| Error::Gone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_a_scheme_a_name_and_perhaps_a_port() {
        for (typed, origin) in [
            ("https://example.org", "https://example.org"),
            ("https://Example.org/", "https://example.org"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ] {
            assert_eq!(read(typed).unwrap(), [origin], "{typed}");
        }
        assert_eq!(read(" https://a.example\nhttps://b.example https://a.example/").unwrap(), ["https://a.example", "https://b.example"]);
        assert!(read("  ").unwrap().is_empty());
    }

    #[test]
    fn nothing_else_is_one() {
        for typed in [
            "example.org",
            "*",
            "https://*",
            "https://*.example.org",
            "https://example.org/path",
            "https://example.org?x",
            "https://me@example.org",
            "https://example.org;script-src",
            "https://example.org:99999",
            "javascript://example.org",
            "data:text/html,x",
            "'self'",
            "https://",
            "https://example.org,https://b.example",
        ] {
            assert!(read(typed).is_err(), "{typed}");
        }
        let many: Vec<String> = (0..11).map(|n| format!("https://a{n}.example")).collect();
        assert!(read(&many.join(" ")).is_err());
    }
}
