//! Which of the stored encodings a client takes.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_ENCODING;

/// An encoding that pages are kept in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// As it is.
    Identity,
    /// RFC 1952.
    Gzip,
    /// RFC 7932.
    Brotli,
}

/// The smallest one that the client's `Accept-Encoding` allows.
pub fn best(headers: &HeaderMap) -> Encoding {
    let accepted = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(','));
    accepted.fold(Encoding::Identity, |best, offer| match takes(offer) {
        Some("br") => Encoding::Brotli,
        Some("gzip") if best == Encoding::Identity => Encoding::Gzip,
        _ => best,
    })
}

/// The encoding's name, unless its weight is 0.
fn takes(offer: &str) -> Option<&str> {
    let (name, weight) = offer.split_once(';').map_or((offer, "q=1"), |(name, weight)| (name, weight));
    let weight = weight.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()).unwrap_or(0.0);
    (weight > 0.0).then_some(name.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_that_the_client_takes() {
        let best_of = |text: &'static str| best(&[(ACCEPT_ENCODING, text.parse().unwrap())].into_iter().collect());
        assert_eq!(best_of("gzip, deflate, br, zstd"), Encoding::Brotli);
        assert_eq!(best_of("br;q=0, gzip;q=0.5"), Encoding::Gzip);
        assert_eq!(best_of("identity"), Encoding::Identity);
        assert_eq!(best(&HeaderMap::new()), Encoding::Identity);
    }
}
